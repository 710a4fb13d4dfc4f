#!/bin/sh
# Deploy Loop's agent: runs one shard of your tests in a Cloud Run job, and submits the results.
#
# You create the job once: your image, your machine size, a service account without roles:
#
#   gcloud run jobs create my-tests --image IMAGE --command sh --max-retries 0 \
#     --service-account my-tests@PROJECT.iam.gserviceaccount.com
#
# Deploy Loop starts it with the arguments `-c 'eval "$DEPLOY_LOOP_AGENT"'` and this script in that variable, so the
# image needs nothing from Deploy Loop: only a POSIX sh, and one of curl, GNU wget, python3, node (18 or newer) or BusyBox wget.
# With `setsid` (util-linux, BusyBox) processes that a command leaves behind are ended too, even if sh is not process 1.
#
# Your command runs in the image's working directory. In addition to the suite's variables, its environment has:
#   DEPLOY_LOOP_TESTS_FILE    the ids of the tests to run, one per line
#   DEPLOY_LOOP_RESULTS_FILE  where to write the report, JUnit XML or CTRF, unless the suite names a file
#
# The token that the job is started with fetches the shard once. Anyone who may view the project can read it, and your
# command finds it in the environment of process 1; it is worthless by then. The token that comes with the shard only
# submits the results. While your command runs, it is in the memory of this shell alone; the clients get it by their
# standard input, except BusyBox wget, which takes headers from its argument list only.
#
# Exit: 0 results submitted, pass or fail, or nothing left to do; 64 settings are missing; 69 Deploy Loop could not be
# reached; 75 the shard was given out before, so it needs a new start; 76 its response could not be read; 77 the token
# was refused; 143 ended before there was anything to submit.

# Without tracing and exporting, which an image may have switched on by SHELLOPTS.
set -u +a +x
umask 077

dl_die() {
  printf 'deploy-loop: %s\n' "$2" >&2
  exit "$1"
}

# If the image exports a variable of the same name, the command would inherit the value.
unset dl_token dl_report dl_url dl_dir dl_client dl_pid dl_group dl_outcome
dl_token=${DEPLOY_LOOP_JOB_TOKEN-}
dl_url=${DEPLOY_LOOP_COLLECT_URL-}
dl_first_wait=${DEPLOY_LOOP_RETRY_WAIT_S:-1}
unset DEPLOY_LOOP_JOB_TOKEN DEPLOY_LOOP_AGENT
dl_dir=
dl_outcome=completed
dl_max_time=60
dl_tries=8
trap 'exit 143' TERM INT
dl_watch='' dl_killer=''
trap 'dl_unwatch; [ -z "$dl_dir" ] || rm -rf "$dl_dir"' EXIT

dl_unwatch() {
  [ -z "$dl_watch" ] || kill "$dl_watch" 2>/dev/null
  [ -z "$dl_killer" ] || kill "$dl_killer" 2>/dev/null
}

# ---- asking Deploy Loop: each client prints the status, or 000 if the response was incomplete. GET has no body.

dl_with_curl() { # METHOD URL BODY OUT
  {
    printf 'url = "%s"\nrequest = "%s"\noutput = "%s"\n' "$2" "$1" "$4"
    printf 'header = "Authorization: Bearer %s"\nheader = "Expect:"\n' "$dl_token"
    if [ "$1" = POST ]; then
      printf 'data-binary = "@%s"\nheader = "Content-Type: application/octet-stream"\n' "$3"
      printf 'header = "X-Deploy-Loop-Exit: %s"\nheader = "X-Deploy-Loop-Outcome: %s"\n' "$dl_exit" "$dl_outcome"
      printf 'header = "X-Deploy-Loop-Body: %s"\n' "$dl_body"
    fi
  } | curl -q -sS --connect-timeout 10 --max-time "$dl_max_time" --write-out '%{http_code}' --config -
}

dl_with_gnu_wget() { # METHOD URL BODY OUT
  set -- "$@" --config=/dev/stdin --tries=1 --max-redirect=0 --timeout="$dl_max_time"
  dl_within=
  # It takes a regular file only: this one has no name any more when it starts.
  printf 'header = Authorization: Bearer %s\n' "$dl_token" >"$dl_dir/wgetrc"
  { rm -f "$dl_dir/wgetrc"; dl_wget "$@"; } <"$dl_dir/wgetrc"
}

dl_with_busybox_wget() { # METHOD URL BODY OUT
  # Not by its own -T, which crashes some builds of 1.35.
  if dl_have timeout; then dl_within="timeout $dl_max_time"; else dl_within=; fi
  dl_wget "$1" "$2" "$3" "$4" --header "Authorization: Bearer $dl_token"
}

dl_wget() { # METHOD URL BODY OUT OPTION...
  dl_method=$1 dl_to=$2 dl_from=$3 dl_out=$4
  shift 4
  if [ "$dl_method" = POST ]; then
    set -- "$@" --header 'Content-Type: application/octet-stream' --post-file "$dl_from"
    set -- "$@" --header "X-Deploy-Loop-Exit: $dl_exit" --header "X-Deploy-Loop-Outcome: $dl_outcome"
    set -- "$@" --header "X-Deploy-Loop-Body: $dl_body"
  fi
  # shellcheck disable=SC2086 # two words, or none
  $dl_within wget -S -O "$dl_out" "$@" "$dl_to" 2>"$dl_dir/wget.txt"
  dl_code=$?
  dl_seen=$(sed -n 's/.*HTTP\/[0-9.]* \([0-9][0-9][0-9]\).*/\1/p' "$dl_dir/wget.txt" | tail -n 1)
  # A connection that broke off half-way has a good status, too.
  case $dl_code:$dl_seen in 0:) dl_seen=200 ;; 0:*) ;; *:2?? | *:) dl_seen=000 ;; esac
  printf '%s' "$dl_seen"
}

# To standard input: what the two below must not have as arguments, and what goes with it.
dl_tell() { printf '%s\n' "$dl_token" "${dl_exit-}" "$dl_outcome" "${dl_body-}" "$dl_max_time"; }

dl_with_python3() { # METHOD URL BODY OUT
  dl_tell | python3 -c '
import http.client, sys, urllib.parse
method, url, body, out = sys.argv[1:5]
token, code, outcome, kind, time = sys.stdin.read().split("\n")[:5]
headers = {"Authorization": "Bearer " + token}
if method == "POST":
    headers.update({"Content-Type": "application/octet-stream", "X-Deploy-Loop-Exit": code,
                    "X-Deploy-Loop-Outcome": outcome, "X-Deploy-Loop-Body": kind})
to = urllib.parse.urlsplit(url)
connect = http.client.HTTPSConnection if to.scheme == "https" else http.client.HTTPConnection
try:
    connection = connect(to.netloc, timeout=float(time))
    connection.request(method, to.path, open(body, "rb").read() if method == "POST" else None, headers)
    answer = connection.getresponse()
    with open(out, "wb") as file:
        file.write(answer.read())
    print(answer.status)
except Exception as error:
    print(error, file=sys.stderr)
    print("000")
' "$@"
}

dl_with_node() { # METHOD URL BODY OUT
  dl_tell | node -e '
const { readFileSync, writeFileSync } = require("fs");
const [, method, url, body, out] = process.argv;
const [token, code, outcome, kind, time] = readFileSync(0, "utf8").split("\n");
const headers = { authorization: "Bearer " + token };
if (method === "POST")
  Object.assign(headers, { "content-type": "application/octet-stream", "x-deploy-loop-exit": code,
    "x-deploy-loop-outcome": outcome, "x-deploy-loop-body": kind });
const content = method === "POST" ? readFileSync(body) : undefined;
const signal = AbortSignal.timeout(Number(time) * 1000);
fetch(url, { method, headers, body: content, redirect: "manual", signal })
  .then(async (answer) => {
    writeFileSync(out, Buffer.from(await answer.arrayBuffer()));
    console.log(answer.status);
  })
  .catch((error) => {
    console.error(String(error.cause || error));
    console.log("000");
  });
' "$@"
}

dl_have() { command -v "$1" >/dev/null 2>&1; }

dl_choose_client() {
  if dl_have curl; then dl_client=dl_with_curl
  elif dl_have wget && wget --version 2>/dev/null | grep -q GNU; then dl_client=dl_with_gnu_wget
  elif dl_have python3; then dl_client=dl_with_python3
  elif dl_have node; then dl_client=dl_with_node
  elif dl_have wget; then dl_client=dl_with_busybox_wget
  else dl_die 64 'the image needs one of curl, wget, python3 or node'
  fi
}

# Repeats a request until the response is final, at most $dl_tries times. Sets dl_status.
dl_call() { # METHOD PATH BODY OUT
  dl_wait=$dl_first_wait
  dl_left=$dl_tries
  while :; do
    dl_status=$("$dl_client" "$1" "$dl_url$2" "$3" "$4") || dl_status=000
    case $dl_status in
      000 | 408 | 429 | 5??) dl_left=$((dl_left - 1)) ;;
      [1-9][0-9][0-9]) return 0 ;;
      *) dl_status=000 dl_left=$((dl_left - 1)) ;;
    esac
    [ "$dl_left" -gt 0 ] || return 0
    printf 'deploy-loop: %s %s: %s; retrying in %s s\n' "$1" "$2" "$dl_status" "$dl_wait" >&2
    # In the background, so that a signal is heard at once.
    sleep "$dl_wait" &
    wait "$!"
    dl_wait=$((dl_wait * 2))
    [ "$dl_wait" -le 16 ] || dl_wait=16
  done
}

dl_judge_refusal() { # WHAT
  case $dl_status in
    409 | 410) printf 'deploy-loop: %s: nothing left to do (%s)\n' "$1" "$dl_status" >&2; exit 0 ;;
    401 | 403) dl_die 77 "$1: the token was refused ($dl_status)" ;;
    000) dl_die 69 "$1: Deploy Loop could not be reached" ;;
    *) dl_die 69 "$1: Deploy Loop responded with $dl_status" ;;
  esac
}

# ---- running the command

# Prints the value of a key of the assignment: the lines before the first empty one are `key value`.
dl_said() { sed -n "1,/^\$/s/^$1 //p" "$dl_dir/shard"; }

dl_run() { # OUTPUT: where its standard output goes; empty: where ours does
  (
    { rm -f "$dl_dir/env"; while IFS= read -r dl_line; do export "${dl_line?}"; done; } <"$dl_dir/env"
    export DEPLOY_LOOP_TESTS_FILE="$dl_dir/tests" DEPLOY_LOOP_RESULTS_FILE="$dl_dir/results"
    [ -z "$1" ] || exec >"$1"
    # A session of its own is a process group of its own.
    if [ "$dl_group" = yes ]; then exec setsid sh "$dl_dir/command"; else exec sh "$dl_dir/command"; fi
  ) &
  dl_pid=$!
}

# Signals the command and all its descendants, as far as the platform allows.
dl_signal() { # SIGNAL
  # In this form, since BusyBox does not know `--` here. Right after the start there may be no group yet.
  if [ "$dl_group" = yes ]; then kill "-$1" "-$dl_pid" 2>/dev/null || kill "-$1" "$dl_pid" 2>/dev/null
  elif [ "$$" -eq 1 ]; then kill "-$1" -1 2>/dev/null
  else kill "-$1" "$dl_pid" 2>/dev/null
  fi
}

# Sends SIGNAL to this script after SECONDS, unless it is ended before. A background process can lose a signal that
# arrives as it starts: so it is signalled again at our end, keeps none of our files open, and does nothing once we are gone.
dl_after() { # SECONDS SIGNAL
  exec </dev/null >/dev/null 2>&1
  dl_told='' dl_sleep=''
  trap 'dl_told=yes; [ -z "$dl_sleep" ] || kill "$dl_sleep" 2>/dev/null' TERM
  sleep "$1" &
  dl_sleep=$!
  # The signal arrived before the sleep had a process id: end it here.
  if [ -n "$dl_told" ]; then kill "$dl_sleep"
  elif wait "$dl_sleep" && [ -z "$dl_told" ] && [ -d "$dl_dir" ]; then kill "-$2" "$$"
  fi
}

dl_stop() { # OUTCOME
  [ "$dl_outcome" = completed ] || return 0
  dl_outcome=$1
  dl_signal TERM
  dl_after 4 USR2 &
  dl_killer=$!
}

dl_await() {
  trap 'dl_heard=yes; dl_stop cancelled' TERM INT
  trap 'dl_heard=yes; dl_stop timeout' USR1
  trap 'dl_heard=yes; dl_signal KILL' USR2
  dl_after "$dl_limit_s" USR1 &
  dl_watch=$!
  dl_exit=
  while :; do
    dl_heard=no
    wait "$dl_pid"
    dl_code=$?
    # A signal ends a wait too, with a status above 128; 127 means that the process was waited for before.
    if [ -z "$dl_exit" ] || [ "$dl_code" -ne 127 ]; then dl_exit=$dl_code; fi
    [ "$dl_heard" = yes ] || break
  done
  trap '' TERM INT USR1 USR2
  dl_unwatch
  [ "$dl_group" != yes ] || dl_signal KILL
}

# ---- one shard

[ -n "$dl_token" ] || dl_die 64 'DEPLOY_LOOP_JOB_TOKEN is not set: this job is started by Deploy Loop'
case $dl_token in *[!A-Za-z0-9._-]*) dl_die 64 'DEPLOY_LOOP_JOB_TOKEN is not a token' ;; esac
case $dl_url in
  *[!A-Za-z0-9:/._~%-]*) dl_die 64 'DEPLOY_LOOP_COLLECT_URL is not a URL' ;;
  http://?* | https://?*) dl_url=${dl_url%/} ;;
  *) dl_die 64 'DEPLOY_LOOP_COLLECT_URL is not set, or not a URL' ;;
esac
dl_choose_client
dl_place=${TMPDIR:-/tmp}
case $dl_place in *[!A-Za-z0-9/._-]*) dl_place=/tmp ;; esac
mkdir "${dl_place%/}/deploy-loop-$$" || dl_die 64 "$dl_place is not writable"
dl_dir=${dl_place%/}/deploy-loop-$$
if dl_have setsid; then dl_group=yes; else dl_group=no; fi

dl_call GET /shard '' "$dl_dir/shard"
# Its answer was lost on the way here, or an earlier container of this execution had it: nobody gets it a second time.
[ "$dl_status" != 409 ] || dl_die 75 'fetching the shard: it was given out before (409), and needs a new start'
[ "$dl_status" = 200 ] || dl_judge_refusal 'fetching the shard'
[ "$(sed -n 1p "$dl_dir/shard")" = 'deploy-loop-shard 1' ] || dl_die 76 'the shard could not be read'
dl_mode=$(dl_said mode)
dl_limit_s=$(dl_said timeout)
dl_limit_bytes=$(dl_said limit)
dl_count=$(dl_said tests)
dl_results=$(dl_said results)
# A Deploy Loop that is older than this script has one token for both.
dl_report=$(dl_said token)
dl_token=${dl_report:-$dl_token}
case $dl_token in *[!A-Za-z0-9._-]*) dl_die 76 'the shard has no token' ;; esac
dl_said command >"$dl_dir/command"
dl_said env >"$dl_dir/env"
sed '1,/^$/d' "$dl_dir/shard" >"$dl_dir/tests"
case :$dl_limit_s:$dl_limit_bytes:$dl_count: in *[!0-9:]* | *::*) dl_die 76 'the shard has no limits' ;; esac
[ "$(wc -l <"$dl_dir/tests")" -eq "$dl_count" ] || dl_die 76 'the shard is incomplete'

case $dl_mode in
  list) dl_results=$dl_dir/list dl_output=$dl_dir/list ;;
  run) dl_results=${dl_results:-$dl_dir/results} dl_output= ;;
  *) dl_die 76 "the shard has the unknown mode '$dl_mode'" ;;
esac
# No file has the token while the command runs.
rm -f "$dl_dir/shard"
# A report that the image or an earlier attempt has left there must not count.
rm -f -- "$dl_results"
dl_run "$dl_output"
dl_await

dl_body=present
if [ ! -s "$dl_results" ]; then dl_body=missing
elif [ "$(wc -c <"$dl_results")" -gt "$dl_limit_bytes" ]; then dl_body=too-large
fi
# Under a fixed name: the user's file may have any name.
if [ "$dl_body" = present ]; then cp -- "$dl_results" "$dl_dir/body"; else : >"$dl_dir/body"; fi
# After SIGTERM ten seconds remain, of which the command may have used four.
[ "$dl_outcome" != cancelled ] || dl_max_time=4 dl_tries=1
dl_call POST /results "$dl_dir/body" "$dl_dir/answer"
case $dl_status in
  2??) printf 'deploy-loop: results submitted (%s, exit %s, %s)\n' "$dl_body" "$dl_exit" "$dl_outcome" >&2 ;;
  *) dl_judge_refusal 'handing in the results' ;;
esac
exit 0
