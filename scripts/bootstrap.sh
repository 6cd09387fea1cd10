#!/usr/bin/env bash
# Installs what is missing to run, build and test Yiwang on Debian 12, and nothing else. Safe to run at any time.
#   1. Debian packages (as root, or by sudo)   2. .venv with pinned, hashed packages   3. the built user interface
# What is done is remembered by the hash of what it was made from, so a second run only looks and costs no network.
set -Eeuo pipefail
trap 'echo "bootstrap stopped at line $LINENO" >&2' ERR
cd "$(dirname "$0")/.."

PACKAGES=(
  ca-certificates
  postgresql-15 postgresql-15-postgis-3        # the private database cluster
  libgdal32 libgeos-c1v5 libproj25             # geometry in Python
  libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0  # printed case files in PDF
  fonts-noto-cjk fonts-dejavu-core             # Chinese text on them, and fingerprints
  chromium                                     # browser tests
)
VENV=.venv
POLICY=/usr/sbin/policy-rc.d

if [[ -t 1 ]]; then BOLD=$'\e[1m' RED=$'\e[31m' PLAIN=$'\e[0m'; else BOLD='' RED='' PLAIN=''; fi

say()  { echo "$BOLD▸ $*$PLAIN"; }
fail() { echo "$RED✗ $*$PLAIN" >&2; exit 1; }
hash_of() { sha256sum -- "$@" | sha256sum | cut -c1-32; }

one_at_a_time() {
  mkdir -p var
  command -v flock >/dev/null || return 0
  exec 9>var/bootstrap.lock
  flock -n 9 || { say "Another bootstrap is at work; waiting for it"; flock 9; }
}

# --- 1. Debian packages ------------------------------------------------------------------------------------------

usable_python() { # prints a Python that is new enough and can make virtual environments
  local name
  for name in python3 /usr/bin/python3 python3.13 python3.12 python3.11; do
    if "$name" -c 'import sys, venv, ensurepip, ssl, sqlite3; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$name"
      return
    fi
  done
}

missing_packages() {
  local installed name
  # shellcheck disable=SC2016  # the braces are dpkg's
  installed=" $(dpkg-query -W -f='${db:Status-Abbrev}${Package} ' "${PACKAGES[@]}" 2>/dev/null || true)"
  for name in "${PACKAGES[@]}"; do
    [[ $installed == *"ii $name "* ]] || echo "$name"
  done
  # Debian's Python comes without what makes a virtual environment.
  [[ -x $VENV/bin/python || -n $(usable_python) ]] || printf '%s\n' python3 python3-venv
}

install_packages() {
  if ! command -v dpkg-query >/dev/null; then
    say "This is not Debian: install by hand what stands for ${PACKAGES[*]} (see docs/operations/running.md)"
    return
  fi
  local -a missing as_root=()
  mapfile -t missing < <(missing_packages)
  [[ ${#missing[@]} -gt 0 ]] || return 0
  if [[ $EUID -ne 0 ]]; then
    if ! command -v sudo >/dev/null || ! { sudo -n true 2>/dev/null || [[ -t 0 ]]; }; then
      fail "Missing, and only root may install: run as root
    apt-get update && apt-get install --no-install-recommends ${missing[*]}"
    fi
    as_root=(sudo)
  fi
  say "Installing from Debian: ${missing[*]}"
  hold_services "${as_root[@]}"
  local -a apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y
                -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3)
  # A third-party source that does not answer must not stop us; the install below tells what is really missing.
  "${apt[@]}" update >var/apt.log 2>&1 || say "apt-get update had trouble, see var/apt.log; going on"
  "${apt[@]}" install --no-install-recommends "${missing[@]}" >>var/apt.log 2>&1 \
    || { tail -n 15 var/apt.log >&2; fail "apt-get install failed; the whole of it is in var/apt.log"; }
  release_services "${as_root[@]}"
}

# Debian starts a service as soon as it is installed; ours is private, so the system's own stays down.
hold_services() {
  [[ -e $POLICY ]] && return
  printf '#!/bin/sh\n# placed by Yiwang for the time of an install\nexit 101\n' | "$@" tee $POLICY >/dev/null
  "$@" chmod 755 $POLICY
  # shellcheck disable=SC2064  # expanded now on purpose
  trap "release_services $*" EXIT
}

release_services() {
  if grep -q 'placed by Yiwang' $POLICY 2>/dev/null; then "$@" rm -f $POLICY; fi
}

# --- 2. Python ---------------------------------------------------------------------------------------------------

install_python_packages() {
  local wanted python
  wanted=$(hash_of pyproject.toml requirements/bootstrap.txt requirements/dev.txt requirements/s3.txt)-$PWD
  if [[ $(cat $VENV/yiwang.stamp 2>/dev/null) == "$wanted" ]] && $VENV/bin/python -c '' 2>/dev/null; then
    return
  fi
  if ! $VENV/bin/python -m pip --version >/dev/null 2>&1; then
    python=$(usable_python)
    [[ -n $python ]] || fail "No Python 3.11 or newer with venv and pip. Install python3 and python3-venv."
    say "Making $VENV with $("$python" --version)"
    "$python" -m venv --clear $VENV
  fi
  rm -f $VENV/yiwang.stamp
  say "Installing Python packages as pinned in requirements/dev.txt"
  $VENV/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt
  follow_pip_settings
  $VENV/bin/uv pip install -q --python $VENV/bin/python --require-hashes -r requirements/dev.txt \
    || { say "uv could not; trying pip"
         $VENV/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/dev.txt; }
  install_s3_server
  $VENV/bin/uv pip install -q --python $VENV/bin/python --offline --no-deps --no-build-isolation -e .
  echo "$wanted" >$VENV/yiwang.stamp
}

# For the tests only, and beside the others: see requirements/s3.in.
install_s3_server() {
  $VENV/bin/python -m venv --clear --without-pip $VENV/s3
  $VENV/bin/uv pip install -q --python $VENV/s3/bin/python --require-hashes -r requirements/s3.txt \
    || say "uv could not install the S3 server of the tests; those tests will fail"
}

# uv does not read pip's settings; a machine behind a mirror has only those.
follow_pip_settings() {
  local index
  index=${PIP_INDEX_URL:-$($VENV/bin/python -m pip config get global.index-url 2>/dev/null || true)}
  [[ -z $index ]] || export UV_DEFAULT_INDEX=${UV_DEFAULT_INDEX:-$index}
  [[ -z ${PIP_CERT:-} ]] || export SSL_CERT_FILE=$PIP_CERT
}

# --- 3. User interface -------------------------------------------------------------------------------------------

build_user_interface() {
  local packages sources
  packages=$(hash_of web/package-lock.json)
  sources=$(source_hash)
  export PATH="$PWD/$VENV/bin:$PATH"
  if [[ $(cat web/node_modules/yiwang.stamp 2>/dev/null) != "$packages" ]]; then
    say "Installing the packages of the user interface as pinned in web/package-lock.json"
    (cd web && npm ci --no-audit --no-fund --loglevel=error \
      --fetch-retry-mintimeout=1000 --fetch-retry-maxtimeout=5000)
    echo "$packages" >web/node_modules/yiwang.stamp
  fi
  [[ $(cat web/dist/yiwang.stamp 2>/dev/null) != "$sources" ]] || return 0
  say "Building the user interface"
  rm -f web/dist/yiwang.stamp
  (cd web && npm run --silent build) >var/web-build.log 2>&1 \
    || { tail -n 40 var/web-build.log >&2; fail "The user interface does not build; see var/web-build.log"; }
  $VENV/bin/python -m whitenoise.compress --quiet --no-brotli web/dist
  echo "$sources" >web/dist/yiwang.stamp
}

source_hash() { # of all that the build reads: the sources and the API document that the client is made from
  local -a roots=(web)
  [[ ! -d docs/api ]] || roots+=(docs/api)
  find "${roots[@]}" \( -name node_modules -o -path web/dist -o -name test-results \) -prune \
    -o -type f -not -name '*.tsbuildinfo' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c1-32
}

# Node brings authorities of its own; where an office inspects its traffic only the system's list has the right one.
trust_system_authorities() {
  local list=/etc/ssl/certs/ca-certificates.crt
  [[ ! -r $list ]] || export NODE_EXTRA_CA_CERTS=${NODE_EXTRA_CA_CERTS:-$list} SSL_CERT_FILE=${SSL_CERT_FILE:-$list}
}

one_at_a_time
install_packages
trust_system_authorities
install_python_packages
build_user_interface
