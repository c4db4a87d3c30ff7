// Says in one line what is wrong when the Node on the PATH of npm scripts is older than the project's.
const major = Number(process.versions.node.split('.')[0]);
const wanted = 26;
if (major < wanted) {
  console.error(
    `Node ${process.versions.node} is too old: this project needs Node ${wanted} or newer; on Linux x64 and arm64 "npm install" brings its own, elsewhere install Node ${wanted}.`,
  );
  process.exit(2);
}
