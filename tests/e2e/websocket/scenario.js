// What MQTT.js does with a broker over WebSocket, the same in Node.js and in a page. Resolves with one line.
"use strict";

const SIZE = 100000; // more than one frame of most clients, and more than one read of the broker

function connect(mqtt, url, protocolVersion) {
  return new Promise((resolve, reject) => {
    const client = mqtt.connect(url, { protocolVersion, reconnectPeriod: 0, connectTimeout: 8000 });
    client.once("connect", () => resolve(client));
    client.once("error", reject);
    client.once("close", () => reject(new Error("closed")));
  });
}

async function roundTrip(mqtt, url, protocolVersion) {
  const client = await connect(mqtt, url, protocolVersion);
  const topic = `page/${protocolVersion}`;
  const arrived = new Promise((resolve) => {
    const sizes = [];
    client.on("message", (_topic, payload) => {
      sizes.push(payload.length);
      if (sizes.length === 3) resolve(sizes.join(","));
    });
  });
  await new Promise((resolve) => client.subscribe(topic, { qos: 2 }, resolve));
  client.publish(topic, "x", { qos: 0 });
  client.publish(topic, "x".repeat(SIZE), { qos: 1 });
  client.publish(topic, "xx", { qos: 2 });
  const sizes = await arrived;
  await new Promise((resolve) => client.end(false, {}, resolve));
  return `${protocolVersion}:${sizes}`;
}

async function run(mqtt, url) {
  try {
    return `${await roundTrip(mqtt, url, 4)} ${await roundTrip(mqtt, url, 5)}`;
  } catch (error) {
    return `failed: ${error.message || error}`;
  }
}

module.exports = { run };
