// A Collector on generated ports, for measurements and tests: the built binary with its built-in configuration.
import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'

const binary = process.env.SPOTLIGHT_BINARY ?? fileURLToPath(new URL('../../../dist/otelcol-spotlight', import.meta.url))

async function freePorts(n) {
  const servers = await Promise.all(Array.from({ length: n }, () => new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => resolve(server))
  })))
  const ports = servers.map((server) => server.address().port)
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}

/**
 * Starts it and waits until it listens. stop() ends it as Ctrl-C does, kill() as a crash does. ports are those of another
 * one that ended, to take its place; set are further settings ("exporters::spotlight::max_bytes=32MiB").
 */
export async function startCollector({ ports, set = [] } = {}) {
  ports ??= await freePorts(4)
  const [sentry, http, grpc, ui] = ports.map((port) => `127.0.0.1:${port}`)
  const collector = spawn(binary, [
    '--config', 'spotlight:default', '--set', `receivers::sentry::endpoint=${sentry}`, '--set', `receivers::sentry::overlay_url=http://${ui}`,
    '--set', `receivers::otlp::protocols::http::endpoint=${http}`, '--set', `receivers::otlp::protocols::grpc::endpoint=${grpc}`,
    '--set', `exporters::spotlight::endpoint=${ui}`, ...set.flatMap((setting) => ['--set', setting]),
  ], { stdio: 'ignore' })
  const ended = new Promise((resolve) => collector.once('exit', resolve))
  collector.once('error', (fault) => {
    throw new Error(`${binary} could not be started (${fault.message}): run make build, or set SPOTLIGHT_BINARY`)
  })
  const until = Date.now() + 30_000
  for (const url of [`http://${ui}/health`, `http://${sentry}/health`]) {
    while (!(await fetch(url).then((answer) => answer.ok, () => false))) {
      if (collector.exitCode !== null || Date.now() > until) throw new Error(`${binary} did not answer at ${url}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  return {
    ui: `http://${ui}`, sentry: `http://${sentry}`, otlp: `http://${http}`, ports,
    stop: () => {
      collector.kill('SIGINT')
      return ended
    },
    kill: () => {
      collector.kill('SIGKILL')
      return ended
    },
  }
}
