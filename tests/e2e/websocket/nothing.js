// In the place of Node's own WebSocket: a page has the browser's.
