// What MQTT.js expects to be there without asking for it.
import process from "process/browser.js";
export { Buffer } from "buffer";
export { process };
