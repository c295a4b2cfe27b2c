// Takes a picture of a page from disk:
//
//     node picture.js CHROMIUM PAGE WIDTH HEIGHT light|dark PICTURE
"use strict";

const { pathToFileURL } = require("node:url");
const { launch } = require("./chromium");

async function main([path, file, width, height, colorScheme, picture]) {
  const browser = await launch(path);
  try {
    const page = await browser.newPage({
      viewport: { width: Number(width), height: Number(height) },
      colorScheme,
    });
    await page.goto(pathToFileURL(file).href);
    await page.screenshot({ path: picture });
  } finally {
    await browser.close();
  }
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
