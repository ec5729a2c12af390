"""told.py MAILZONE FOLDER ZONES SEED: see told."""

import json
import os
import random
import subprocess
import sys

POLICIES = ["v=DMARC1; " + text for text in (
    "p=reject; rua=mailto:d@%s", "p=none; rua=mailto:d@%s",
    "p=quarantine; rua=mailto:d@%s", "p=reject; sp=none; rua=mailto:d@%s",
    "p=reject; np=none; rua=mailto:d@%s", "p=reject; psd=n; rua=mailto:d@%s",
    "p=none; psd=n; rua=mailto:d@%s", "p=reject; t=y; pct=0; rua=mailto:d@%s",
    "p=reject; pct=50; rua=mailto:d@%s", "p=rejec; rua=mailto:d@%s",
    "rua=mailto:d@%s")] + ["v=DMARC1", " v=DMARC1; p=reject", "not for mail"]
SPF = ["v=spf1 " + terms for terms in (
    "+all", "ip4:0.0.0.0/0 -all", "include:a.%s ~all", "redirect=b.a.%s",
    "ip4:203.0.0.0/7 ~all", "?all", "a/0 -all", "exists:%%{i}.x.%s -all",
    "mx ptr ~all", "ip6:::/0 -all", "include:d.%s all")]
SHORT = ("v=DKIM1; k=rsa; p=MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBALt11sXuqGw7Yq3yCoER"
         "n2pe82EY0SEBgDmssB4hs7SAzkIag6PkqGZA1UzdPJCiq/1y91AW2f/84NDXEsS4qtECAw"
         "EAAQ==")
NAMES = ["a", "b.a", "c.b.a", "news", "x.news", "d", "e.f.g.h.i.j.k",
         "l.e.f.g.h.i.j.k"]


def entries(name, zone):
    """Some records for a name; wildcards get one TXT record each."""
    def one_of(texts):
        text = random.choice(texts)
        return text % zone if "%s" in text else text.replace("%%", "%")
    return random.choice([
        lambda: ['%s TXT "%s"' % (name, one_of(SPF))],
        lambda: ['_dmarc.%s TXT "%s"' % (name, one_of(POLICIES))],
        lambda: ['*.%s TXT "%s"' % (name, one_of(POLICIES + SPF))],
        lambda: ["_dmarc.%s CNAME policy" % name],
        lambda: ["*.%s CNAME policy" % name],
        lambda: ['s._domainkey.%s TXT "%s"' % (name, SHORT)],
        lambda: ["%s A 198.51.100.80" % name],
        lambda: ["%s MX 10 mail" % name, '%s TXT "v=spf1 mx ~all"' % name],
        lambda: ["%s NS ns.example.net." % name],
    ])() + ['policy TXT "%s"' % one_of(POLICIES)]


def make_zone(zone):
    lines = ["$TTL 3600", "@ SOA ns h 1 3600 900 604800 3600", "@ NS ns",
             "ns A 198.51.100.53", 'ns TXT "v=spf1 -all"', "@ MX 10 mail",
             "mail A 198.51.100.25", 'mail TXT "v=spf1 a -all"',
             '@ TXT "v=spf1 ip4:198.51.100.25 ~all"']
    if random.random() < 0.9:
        lines.append('_dmarc TXT "%s"' % (POLICIES[0] % zone))
    if random.random() < 0.1:
        lines.append('* TXT "%s"' % (random.choice(POLICIES[:11]) % zone))
    owners = {}
    for name in random.sample(NAMES, random.randint(1, 3)):
        for line in entries(name, zone):
            owners.setdefault(line.split()[0] + line.split()[1], line)
    return "\n".join(lines + list(owners.values())) + "\n"


def ask(mailzone, command, form, folder):
    done = subprocess.run([mailzone, command, "--no-config", "-q", "-f", form,
                           folder], capture_output=True, text=True)
    if done.returncode not in (0, 1):
        sys.exit("not ok %s: %s" % (command, done.stderr))
    return done.stdout


def main():
    mailzone, folder, count, seed = sys.argv[1:]
    random.seed(int(seed))
    texts = {}
    for number in range(int(count)):
        zone = "z%d.example" % number
        texts[zone] = make_zone(zone)
        with open(os.path.join(folder, zone + ".zone"), "w") as file:
            file.write(texts[zone])
    told = {}
    for line in ask(mailzone, "lint", "ndjson", folder).splitlines():
        finding = json.loads(line)
        if finding["type"] == "finding" and \
                not finding["rule"].startswith("mx-"):
            told.setdefault(finding["zone"], []).append(finding["rule"])
    bad = weak = 0
    for row in json.loads(ask(mailzone, "exposure", "json",
                              folder))["exposures"]:
        if row["verdict"] != "exposed" and not row["bypass"]:
            continue
        weak += 1
        if row["zone"] not in told:
            bad += 1
            print("not ok %s: %s, and lint is silent\n%s" % (
                row["name"], row["why"], texts[row["zone"]]))
    if weak < len(texts) / 2:
        sys.exit("not ok told: only %d names are exposed" % weak)
    print("ok told: %d names of %d zones" % (weak, len(texts)))
    sys.exit(bad > 0)


main()
