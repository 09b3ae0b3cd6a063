// node.js URL: the scenario in Node.js; its line goes to standard output.
"use strict";

const mqtt = require("mqtt");
const { run } = require("./scenario.js");

run(mqtt, process.argv[2]).then((line) => {
  console.log(line);
  process.exit(0);
});
