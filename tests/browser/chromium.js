// Starts a Chromium that is installed already, and that speaks to nobody on its own.
"use strict";

const { chromium } = require("playwright-core");

const ARGUMENTS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

exports.launch = (executablePath) => chromium.launch({ executablePath, args: ARGUMENTS });
