// The scenario in a page: the broker is named behind #, the line is posted to who served the page.
"use strict";

const mqtt = require("mqtt");
const { run } = require("./scenario.js");

run(mqtt, location.hash.slice(1)).then((line) => fetch("/result", { method: "POST", body: line }));
