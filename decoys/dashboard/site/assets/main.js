"use strict";
(() => {
  const REFRESH_MS = 15000;
  const __DEV__ = location.hash === "#dev";
  const at = (id) => document.getElementById(id);

  function cell(text, name) {
    const td = document.createElement("td");
    td.textContent = text;
    if (name) td.className = name;
    return td;
  }

  function showTiles({ nodes, workloads }) {
    const ready = nodes.filter((node) => node.ready).length;
    at("nodes-ready").textContent = `${ready} / ${nodes.length}`;
    const whole = workloads.filter((item) => item.ready === item.replicas).length;
    at("workloads-ready").textContent = `${whole} / ${workloads.length}`;
    at("requests").textContent = workloads.reduce((sum, item) => sum + item.requests, 0);
    at("latency").textContent = `${Math.max(...workloads.map((item) => item.p95))} ms`;
  }

  function showWorkloads(workloads) {
    at("workloads").tBodies[0].replaceChildren(
      ...workloads.map((item) => {
        const row = document.createElement("tr");
        row.append(
          cell(item.name),
          cell(item.namespace),
          cell(`${item.ready}/${item.replicas}`),
          cell(item.image, "image"),
          cell(item.requests, "number"),
          cell(item.p95, "number"),
        );
        return row;
      }),
    );
  }

  function showNodes(nodes) {
    at("nodes").replaceChildren(
      ...nodes.map((node) => {
        const line = document.createElement("li");
        const name = document.createElement("span");
        name.textContent = node.name;
        const bar = document.createElement("meter");
        Object.assign(bar, { min: 0, max: 100, high: 85, value: node.cpu, title: `CPU ${node.cpu} %, memory ${node.memory} %` });
        const share = document.createElement("span");
        share.textContent = `${node.cpu} %`;
        line.append(name, bar, share);
        return line;
      }),
    );
  }

  function showDeploys(deploys) {
    at("deploys").replaceChildren(
      ...deploys.map((deploy) => {
        const line = document.createElement("li");
        line.textContent = `${deploy.name} ${deploy.version}`;
        const by = document.createElement("small");
        by.textContent = `${deploy.namespace}, ${deploy.by}, ${deploy.hoursAgo} h ago`;
        line.append(by);
        return line;
      }),
    );
  }

  function showHealth(good) {
    const pill = at("health");
    pill.textContent = good ? "healthy" : "degraded";
    pill.className = good ? "pill good" : "pill bad";
  }

  async function refresh() {
    try {
      const [status, overview] = await Promise.all(
        ["/api/v1/status", "/api/v1/overview"].map((path) => fetch(path).then((answer) => answer.json())),
      );
      if (__DEV__) fetch("/debug/config").then((answer) => answer.json()).then(console.table);
      showHealth(status.status === "ok");
      showTiles(overview);
      showWorkloads(overview.workloads);
      showNodes(overview.nodes);
      showDeploys(overview.deploys);
      at("updated").textContent = `updated ${new Date(overview.updated).toLocaleTimeString()}`;
    } catch {
      showHealth(false);
    }
  }

  refresh();
  setInterval(refresh, REFRESH_MS);
})();
//# sourceMappingURL=main.js.map
