"""Puts hostile values into every field, and reads what comes of it."""
import copy
import functools
import itertools
import json
import re
import subprocess
import sys

import targets

KEY = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
PRIVATE = """-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
-----END PRIVATE KEY-----
"""

# What all fields are put into; the names stand where the schema has "*".
BASE = {
    "version": 1,
    "keys": {"name": {"selector": "own", "public": KEY}},
    "senders": {"name": {"spf": ["ip4:192.0.2.0/28"], "keys": ["name"],
                         "ticket": "T-1"},
                "esp": {"provider": "sendgrid", "with": {
                    "account": "u1234567", "server": "wl042",
                    "bounce": "em042"}}},
    "domains": {"name.example": {
        "senders": ["name", "esp"],
        "dmarc": {"p": "reject", "rua": ["mailto:d@name.example"]},
        "subdomains": {"name": {"senders": ["name"]}}}},
    "parked": {"domains": ["parked.example"]},
}
NAMES = {"domains": "name.example"}

# What stands before the poison, so that some of it gets far.
STARTS = ["", "x", "x.example", "mailto:d@x.example", "https://x.example/",
          "ip4:192.0.2.1", "include:x.example", "mx", "1", "2026-11-01",
          'x TXT "x', "x CNAME x"]

POISON = [
    '"', "'", ";", "\\", "\\\"", "`", "(", ")", "@", "$", "#", "%", "*", "<",
    "; evil=1", ";evil=1", "\nevil", "\revil", "\r\nevil TXT evil",
    '"\nevil.name.example. 3600 IN TXT "evil', '" "evil', '\\" evil TXT "',
    '" )\nevil TXT ( "x', "\\; evil=1", "\\059 evil=1", "\\\n; evil=1",
    "\nsend\nupdate add evil. 1 TXT evil", "\n$INCLUDE /etc/passwd",
    "\n$ORIGIN evil.", " +all", " evil:x", " redirect=evil.example",
    ",mailto:evil@evil.example", "!10m", "%2cmailto:evil@evil.example",
    "\0evil", "\x00", "\x01", "\x1b[31m", "\x7f", "\t", " ", "\x85evil",
    "\xa0evil", "\u2028evil", "\u2029evil", "\u200fevil", "\u202eevil",
    "\u2066evil", "\ufeffevil", "\u200bevil", "\u3002evil", "\u037e evil=1",
    "\uff1b evil=1", "\xe9", "{variable}", "{domain}",
    "${evil}", "%{evil}", "#{evil}", "evil: 1", "\n- evil", "*/ evil /*",
    "x" * 300, "../" * 3 + "evil", ": evil", " : evil", "; } evil {",
]

TAGS = {"v", "p", "sp", "np", "adkim", "aspf", "rua", "ruf", "fo", "psd", "t",
        "pct", "k", "n", "h", "s", "l", "a", "id", "mode", "mx", "max_age"}


def leaves(schema, node, path=()):
    """The paths of all values and of all names that a user chooses."""
    if "$ref" in node:
        kind = node["$ref"].rsplit("/", 1)[1]
        # Subdomains are domains: once around is enough.
        if path.count("subdomains") < 2 and path[0:1] + path[-2:] != (
                "defaults", "subdomains", "*"):
            yield from leaves(schema, schema["definitions"][kind], path)
        return
    parts = node.get("anyOf", []) + node.get("oneOf", []) + \
        node.get("allOf", [])
    inner = [part for part in parts
             if "properties" in part or "$ref" in part or "items" in part]
    if "properties" in node or \
            isinstance(node.get("additionalProperties"), dict):
        for key, value in node.get("properties", {}).items():
            # Every rule has a row; they are all the same.
            if path == ("rules",) and key not in ("ignore", "spf-all-pass"):
                continue
            yield from leaves(schema, value, path + (key,))
        if isinstance(node.get("additionalProperties"), dict):
            yield path + ("*", "?")
            yield from leaves(schema, node["additionalProperties"],
                              path + ("*",))
    elif "items" in node:
        yield from leaves(schema, node["items"], path + (0,))
    elif inner:
        for part in inner:
            yield from leaves(schema, part, path)
    else:
        yield path


def placed(path, value):
    """The base with a value at the end of a path, or as a name there."""
    config = copy.deepcopy(BASE)
    here = config
    if path == ("senders", "*", "with", "*"):
        path = ("senders", "esp", "with", "bounce")
    for at, step in enumerate(path[:-1]):
        if step == "*" and path[at + 1] == "?":
            here[value] = here.pop(NAMES.get(path[at - 1], "name"), {})
            return config
        if step == "*":
            step = NAMES.get(path[at - 1], "name")
        follow = path[at + 1]
        if follow == 0:
            here[step] = [value] if at + 2 == len(path) else [{}]
            if at + 2 == len(path):
                return config
            here = here[step][0]
            continue
        if step == 0:
            continue
        if not isinstance(here.get(step), dict):
            here[step] = {}
        here = here[step]
    last = path[-1]
    here[NAMES.get(path[-2], "name") if last == "*" else last] = value
    return config


def ask(program, configs):
    """What the helper makes of each; None where it refuses."""
    texts = [json.dumps(config) for config in configs]
    done = subprocess.run(program, check=True, capture_output=True,
                          input="".join(t + "\n" for t in texts).encode())
    lines = done.stdout.decode().split("\n")[:-1]
    assert len(lines) == len(texts), (len(lines), len(texts))
    return [None if line == "null" else line for line in lines]


def starts_of(program, paths):
    """What a field takes, so that something may follow it."""
    rows = [(path, start) for path in paths for start in STARTS[1:]]
    answers = ask(program, [placed(path, start) for path, start in rows])
    starts = {path: [""] for path in paths}
    for (path, start), line in zip(rows, answers):
        if line is not None and len(starts[path]) < 3:
            starts[path].append(start)
    return starts


def variants(starts):
    for path, some in starts.items():
        for start, poison in itertools.product(some, POISON):
            yield path, placed(path, start + poison)
        # In the middle, too.
        for start, poison in itertools.product(some[1:2], POISON):
            yield path, placed(path, start + poison + start)


def make_files():
    """Keys whose paths are the poison."""
    for start, poison in itertools.product(STARTS, POISON):
        name = start + poison
        if "\0" in name or "/" in name or len(name.encode()) > 255:
            continue
        with open(name.encode(), "w", encoding="ascii") as file:
            file.write(PRIVATE)


# ---- what must be true of the output ---------------------------------------


@functools.cache
def compile_zone(zone, text):
    """The records that BIND sees, as strings of octets."""
    with open("zone", "wb") as file:
        file.write(("$ORIGIN %s.\n$TTL 60\n@ SOA a. b. 1 2 3 4 5\n@ NS a.\n"
                    % zone).encode() + text.encode("latin-1"))
    done = subprocess.run(
        ["named-compilezone", "-i", "none", "-k", "ignore", "-s",
         "full", "-o", "-", zone, "zone"], capture_output=True)
    if done.returncode != 0:
        raise ValueError(done.stdout + done.stderr)
    found = set()
    for line in done.stdout.decode("latin-1").split("\n")[:-1]:
        owner, _, _, kind, value = line.split(None, 4)
        if kind in ("SOA", "NS"):
            continue
        if kind == "TXT":
            value = targets.strings(value)
        found.add((owner.rstrip(".").lower(), kind, value))
    return found


def wanted(made):
    """The same as --target json says it."""
    found = set()
    for row in json.loads(octets(made["json"]).decode())["records"]:
        value = row.get("value")
        if value is None:
            value = "".join(row["strings"])
        found.add((row["owner"], row["type"], value))
    return found


def octets(text):
    return text.encode("latin-1")


def smuggled(records):
    """A tag, a term or a name that stands in no field."""
    for owner, kind, value in records:
        if re.search(r"(^|[.])evil([.]|$)", owner) and kind == "TXT" and \
                value.startswith("evil"):
            return owner
        if kind != "TXT":
            continue
        if value.startswith("v=spf1"):
            terms = value.split(" ")
            if any(re.match(r"[+]?all|evil|redirect=evil", term)
                   for term in terms):
                return value
        elif value.startswith("v="):
            names = [part.split("=")[0].strip()
                     for part in value.split(";") if part.strip()]
            if len(set(names)) < len(names) or set(names) - TAGS:
                return value
            if re.search(r"ru[af]=[^;]*,mailto:evil", value):
                return value
    return None


NSUPDATE = re.compile(
    r'(;.*|zone \S+\.|send|prereq nxrrset \S+ IN (TXT|CNAME|MX)|'
    r'update add \S+\. \d+ IN (TXT( "([^"\\]|\\.)*")+|CNAME \S+|MX \d+ \S+))')


def check_lines(text, pattern):
    for line in octets(text).decode("latin-1").split("\n"):
        if line and not pattern.fullmatch(line):
            raise ValueError(line)


OPENDKIM = re.compile(r"#[^\0-\x1f]*|\S+ [^\s:]+:[^\s:]+:[^\s:#]+|"
                      r"\*@\S+ \S+")
RSPAMD = re.compile(
    r'#[^\0-\x1f]*|use_esld = false;|domain \{|  "[^"\\]+" \{|'
    r'    selectors \[|      \{ selector = "[^"\\]+"; '
    r'path = "([^"\\]|\\.)+"; \},|    \]|  \}|\}')


def check(made):
    """Raises ValueError with what is wrong."""
    records = wanted(made)
    found = set()
    for zone, text in made["zone"].items():
        found |= compile_zone(zone, text)
    if found != records:
        raise ValueError("zone: %r" % sorted(found ^ records))
    for name in ("octodns", "route53", "terraform", "terraform-cloudflare",
                 "paste"):
        said = targets.READERS[name](octets(made[name]).decode())
        if said != records:
            raise ValueError("%s: %r" % (name, sorted(said ^ records)))
    check_lines(made["nsupdate"], NSUPDATE)
    check_lines(made["opendkim"], OPENDKIM)
    check_lines(made["rspamd"], RSPAMD)


def problem_of(made, path):
    """What is wrong with an output; None: nothing."""
    try:
        check(made)
        found = None if "keep" in path else smuggled(wanted(made))
    except (ValueError, KeyError, IndexError, AttributeError,
            subprocess.CalledProcessError) as error:
        found = repr(error)
    return found


def main():
    program = sys.argv[1:]
    with open("schema.json", encoding="utf-8") as file:
        schema = json.load(file)
    make_files()
    paths = list(dict.fromkeys(leaves(schema, schema)))
    cases = list(variants(starts_of(program, paths)))
    answers = ask(program, [config for _, config in cases])
    bad, seen = {}, set()
    for (path, config), line in zip(cases, answers):
        if line is None or line in seen:
            continue
        seen.add(line)
        found = problem_of(json.loads(line), path)
        if found is not None:
            bad.setdefault(path, (found, config))
    for path, (found, config) in bad.items():
        print("not ok", ".".join(map(str, path)), found[:300])
        print("#", json.dumps(config))
    print("%s injection: %d fields, %d values, %d outputs" % (
        "not ok" if bad else "ok", len(paths), len(cases), len(seen)))
    return bool(bad)


sys.exit(main())
