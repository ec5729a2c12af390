"""Reads what generate --target wrote and holds it against --target json."""
import json
import re
import subprocess
import sys
import yaml

# What stands beside the generated records, where a set is replaced whole.
BESIDE = {("example.com", "TXT", "google-site-verification=abc")}


def strings(text):
    """The strings of a TXT record in quotes, as master files have them."""
    joined = ""
    for string in re.findall(r'"((?:[^"\\]|\\.)*)"', text):
        joined += re.sub(
            r"\\(\d{3}|.)",
            lambda m: chr(int(m[1], BASE)) if m[1].isdigit() else m[1],
            string)
    return joined


BASE = 10


def read_json(text):
    return {(r["owner"], r["type"], r.get("text", r.get("value")))
            for r in json.loads(text)["records"]}


def zones_of(text):
    return re.findall(r"^# (\S+)\.yaml", text, re.M)


def read_octodns(text):
    found = set()
    for zone, document in zip(zones_of(text), yaml.safe_load_all(text)):
        for name, rows in document.items():
            owner = name + "." + zone if name else zone
            for row in rows:
                for value in row.get("values", [row.get("value")]):
                    if row["type"] == "MX":
                        value = "%d %s" % (value["preference"],
                                           value["exchange"])
                    if row["type"] == "TXT":
                        value = value.replace("\\;", ";")
                    found.add((owner, row["type"], value))
    return found - BESIDE


def read_route53(text):
    global BASE
    BASE = 8
    found, decoder = set(), json.JSONDecoder()
    while text.strip():
        batch, end = decoder.raw_decode(text.lstrip())
        text = text.lstrip()[end:]
        for change in batch["Changes"]:
            rows = change["ResourceRecordSet"]
            if change["Action"] != "UPSERT":
                continue
            for row in rows["ResourceRecords"]:
                value = row["Value"]
                if rows["Type"] == "TXT":
                    value = strings(value)
                found.add((rows["Name"].rstrip("."), rows["Type"], value))
    BASE = 10
    return found - BESIDE


def hcl(literal):
    """A string of HCL: JSON's escapes, and templates doubled."""
    assert not re.search(r"(?<![$%])[$%]\{", literal), literal
    return json.loads(re.sub(r"([$%])\1\{", r"\1{", literal))


LITERAL = r'("(?:[^"\\]|\\.)*")'


def rows_of(text):
    for row in re.findall(r"^    " + LITERAL + r" = \{\n(.*?)^    \}", text,
                          re.M | re.S):
        fields = {key: hcl(value) for key, value in
                  re.findall(r"(\w+) = " + LITERAL, row[1])}
        yield fields, row[1]


def read_terraform(text):
    global BASE
    BASE = 8
    found = set()
    for fields, row in rows_of(text):
        values = re.search(r"records = \[(.*)\]", row)[1]
        for value in re.findall(LITERAL, values):
            value = hcl(value)
            if fields["type"] == "TXT":
                value = strings('"' + value.replace('""', '" "') + '"')
            found.add((fields["name"], fields["type"], value))
    BASE = 10
    return found - BESIDE


def read_cloudflare(text):
    found = set()
    for fields, row in rows_of(text):
        value = fields["content"]
        if fields["type"] == "TXT":
            value = strings(value)
        elif value != ".":
            value += "."
        if fields["type"] == "MX":
            value = re.search(r"priority = (\d+)", row)[1] + " " + value
        found.add((fields["name"], fields["type"], value))
    return found


def read_paste(text):
    found = set()
    for row in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in row.strip().split("\n"))
        owner = fields["zone"] if fields["name"] == "@" else \
            fields["name"] + "." + fields["zone"]
        value = fields["value"]
        if fields["type"] == "MX":
            value = fields["priority"] + " " + value
        if fields["type"] == "TXT":
            value = re.sub(r"\\(\d{3})", lambda m: chr(int(m[1])), value)
        found.add((owner, fields["type"], value))
    return found


STUBS = """
const found = [];
const END = {}, TTL = (n) => ({ttl: n});
const row = (type) => (name, ...rest) => ({name, type, rest});
const TXT = row("TXT"), MX = row("MX"), CNAME = row("CNAME");
function D_EXTEND(zone, ...rows) {
    for (const r of rows.filter((r) => r !== END)) {
        r.rest.pop();
        found.push([r.name === "@" ? zone : r.name + "." + zone, r.type,
            r.rest.join(" ")]);
    }
}
"""


def read_dnscontrol(text):
    program = STUBS + text + "\nconsole.log(JSON.stringify(found));\n"
    out = subprocess.run(["node", "-"], input=program, text=True,
                         capture_output=True, check=True).stdout
    return {tuple(row) for row in json.loads(out)}


READERS = {
    "octodns": read_octodns, "route53": read_route53,
    "terraform": read_terraform, "terraform-cloudflare": read_cloudflare,
    "paste": read_paste, "dnscontrol": read_dnscontrol,
}


def main():
    wanted, status = None, 0
    for name in sys.argv[1:]:
        with open(name, encoding="ascii") as file:
            text = file.read()
        if name == "json":
            wanted = read_json(text)
            continue
        try:
            found = READERS[name](text)
        except FileNotFoundError:
            print("skip: no node")
            continue
        if found == wanted:
            print("ok", name, "says the same", len(found), "records")
        else:
            print("not ok", name, sorted(found ^ wanted))
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
