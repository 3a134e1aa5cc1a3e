#!/usr/bin/env bash
# Installs what building the overlay and running the tests needs, once: npm packages by lock file, and a Chromium from
# Debian when there is no Chromium or Chrome on the machine (set CHROMIUM to use another one). What only some tests want
# (Firefox, Flask, Django) is installed where apt has it and asks for no password; the others say what was skipped.
set -euo pipefail
cd "$(dirname "$0")/.."
for dir in overlay e2e/browser e2e/apps e2e/sourcemaps sdk/debugid examples/express; do
  [ -f "$dir/package-lock.json" ] || continue
  stamp="$dir/node_modules/.installed"
  if [ ! -f "$stamp" ] || [ "$dir/package-lock.json" -nt "$stamp" ]; then
    echo "installing npm packages of $dir"
    npm ci --prefix "$dir" --no-audit --no-fund
    touch "$stamp"
  fi
done
if [ -z "${CHROMIUM:-}" ] && ! command -v chromium chromium-browser google-chrome google-chrome-stable >/dev/null; then
  echo "no Chromium or Chrome found; installing Debian's chromium"
  sudo=$([ "$(id -u)" = 0 ] || echo sudo)
  $sudo apt-get update -qq && $sudo apt-get install -y -qq chromium ||
    { echo "could not install chromium: install Chromium or Chrome yourself, or set CHROMIUM to its path" >&2; exit 1; }
fi

# optional WHAT PACKAGE... -- COMMAND: installs the packages unless COMMAND succeeds.
optional() {
  local what=$1 packages=() sudo
  shift
  while [ "$1" != -- ]; do packages+=("$1"); shift; done
  shift
  "$@" >/dev/null 2>&1 && return
  sudo=$([ "$(id -u)" = 0 ] || echo "sudo -n")
  if apt-cache show "${packages[@]}" >/dev/null 2>&1 && echo "no $what found; installing Debian's ${packages[*]}" &&
    DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq "${packages[@]}" >/dev/null; then return; fi
  echo "tests with $what are skipped: install ${packages[*]} to run them" >&2
}
firefox() { [ -n "${FIREFOX:-}" ] || [ -x /usr/bin/firefox-esr ] || [ -x /usr/bin/firefox ]; }
imports() { "${PYTHON:-python3}" -c "import $1" || /usr/bin/python3 -c "import $1"; }
optional Firefox firefox-esr -- firefox
optional Flask python3-flask python3-sentry-sdk python3-blinker -- imports "flask, sentry_sdk"
optional Django python3-django python3-sentry-sdk -- imports "django, sentry_sdk"
