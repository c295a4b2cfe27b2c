// Opens pages from disk in Chromium and prints what there is to see, as JSON.
//
//     node look.js CHROMIUM PAGE...
//
// One browser for all pages, widths and themes; axe judges the first page. The test that starts
// this judges what is printed.
"use strict";

const { pathToFileURL } = require("node:url");
const { source: axe } = require("axe-core");
const { launch } = require("./chromium");

// Width, theme, and whether axe judges it, which takes two seconds: once for each theme's colours,
// once for the phone's layout. Pages after the first are seen in the light only.
const VIEWS = [
  [1280, "light", true], [1280, "dark", true], [1280, "print", false],
  [900, "light", false], [721, "light", false], [390, "light", true], [390, "dark", false],
];
// Runs in the page: nothing from outside is in reach.
function measure() {
  // Words that every column has room for; longer ones may go on in the next line.
  const broken = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    // What is for screen readers only has no width.
    if (text.parentElement.offsetWidth <= 1) continue;
    for (const word of text.data.matchAll(/(?<!\S)[\p{L}\p{N}.%]{2,12}(?!\S)/gu)) {
      const range = document.createRange();
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      const tops = [...range.getClientRects()].map((piece) => Math.round(piece.top));
      if (new Set(tops).size > 1) broken.push(word[0]);
    }
  }
  const isSpilt = (table) => {
    const { width, paddingLeft, paddingRight } = getComputedStyle(table.parentElement);
    return table.offsetWidth > parseFloat(width) - parseFloat(paddingLeft) - parseFloat(paddingRight);
  };
  const root = document.documentElement;
  const boxes = [...document.querySelectorAll("svg[role=img]")]
    .map((svg) => ({ label: svg.getAttribute("aria-label"), box: svg.getBoundingClientRect() }))
    .map(({ label, box }) => ({ label, width: box.width, height: box.height }));
  return {
    title: document.title,
    overflow: root.scrollWidth - root.clientWidth,
    spilt: [...document.querySelectorAll(".card > table")].filter(isSpilt)
      .map((table) => table.caption.textContent),
    broken,
    charts: boxes,
    background: getComputedStyle(document.body).backgroundColor,
    color: getComputedStyle(document.body).color,
    scripts: document.scripts.length,
    hit: "hit" in window,
  };
}

async function violations(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run({ resultTypes: ["violations"] }));
  return found.violations.map(({ id, impact, help, nodes }) => (
    { id, impact, help, where: nodes.slice(0, 3).map((node) => node.target.join(" ")) }
  ));
}

async function look(browser, file, width, theme, judged) {
  const isPrint = theme === "print";
  const page = await browser.newPage({
    viewport: { width, height: 900 }, colorScheme: isPrint ? "dark" : theme,
  });
  const said = [];
  const requests = [];
  page.on("console", (message) => said.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => said.push(String(error)));
  page.on("request", (request) => requests.push(request.url()));
  if (isPrint) await page.emulateMedia({ media: "print" });
  const address = pathToFileURL(file).href;
  await page.goto(address);
  const seen = { file, width, theme, address, ...await page.evaluate(measure) };
  seen.violations = judged ? await violations(page) : null;
  await page.close();
  return { ...seen, said, requests };
}

async function main([path, ...files]) {
  const browser = await launch(path);
  try {
    const views = files.flatMap((file, place) => VIEWS
      .filter(([, theme]) => place === 0 || theme === "light")
      .map(([width, theme, judged]) => (
        look(browser, file, width, theme, judged && place === 0)
      )));
    process.stdout.write(JSON.stringify(await Promise.all(views)));
  } finally {
    await browser.close();
  }
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
