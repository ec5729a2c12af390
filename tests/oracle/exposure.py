"""What happens to forged mail, by the letter of the RFCs and slowly.

    exposure.py make FOLDER WORLDS SEED
    exposure.py compare FOLDER PORT MAILZONE

A world is a top-level domain of its own, a public suffix below it, and an
organization with hosts, wildcards, aliases and DMARC records, good and bad.
The first form writes worlds; the second asks a name server that serves them
what a receiver would ask, and holds mailzone's answers against its own.
Sections in comments are those of RFC 9989 unless they say otherwise.
"""
import json
import os
import random
import re
import socket
import struct
import subprocess
import sys
import time

# ---- making worlds ----------------------------------------------------------

POLICIES = ["none", "quarantine", "reject"]
MISTAKES = ["rejct", "", "Reject", "non", "NONE", "quarantine ", "reject,"]
HOSTS = ["www", "mail", "a", "b", "c", "sub", "shop"]
UNUSED = "zz9"


class World:
    """Zones that have nothing to do with those of other worlds."""

    def __init__(self, number, rng):
        self.rng = rng
        self.tld = "t%d" % number
        self.suffix = "s." + self.tld
        self.domain = "o." + self.suffix
        self.child = "c." + self.domain
        self.zones = {}
        self.probes = set()

    def chance(self, share):
        return self.rng.random() < share

    # -- records

    def policy(self):
        if self.chance(0.06):
            return self.rng.choice(MISTAKES)
        return self.rng.choice(POLICIES)

    def record(self, psd=0.1):
        """A DMARC record, as people write them."""
        if self.chance(0.05):
            return self.rng.choice([
                "v=DMARC1", "v=DMARC1;", "v=dmarc1; p=reject",
                "v=DMARC2; p=reject", "p=reject; v=DMARC1",
                "v=spf1 -all", "v=DMARC1 p=reject", " v=DMARC1; p=reject",
                "v = DMARC1 ; p = reject", "v=DMARC1;p=reject;;",
                "v=DMARC1; rua=mailto:x@example.net",
                "v=DMARC1; p=reject; p=none",
                "v=DMARC1; p=none; p=none; rua=mailto:x@example.net",
                "v=DMARC1; x=y; p=reject; P=none", "V=DMARC1; P=Reject"])
        tags = []
        if not self.chance(0.03):
            tags.append("p=" + self.policy())
        for name, share in (("sp", 0.35), ("np", 0.3)):
            if self.chance(share):
                tags.append(name + "=" + self.policy())
        if self.chance(0.2):
            tags.append("t=" + self.rng.choice(["y", "n", "Y", "x"]))
        if self.chance(0.2):
            tags.append("pct=" + self.rng.choice(
                ["0", "100", "5", "50", "101", "x", "", "00", "-1"]))
        if self.chance(psd):
            tags.append("psd=" + self.rng.choice(["y", "n", "n", "u", "x"]))
        if self.chance(0.3):
            tags.append(self.rng.choice(
                ["adkim=s", "aspf=s", "aspf=s", "aspf=r", "fo=1"]))
        if self.chance(0.4):
            tags.append("rua=" + self.rng.choice(
                ["mailto:d@example.net", "d@example.net",
                 "https://example.net/x", "", "mailto:",
                 "mailto:d@example.net!10m", "x,mailto:d@example.net"]))
        if self.chance(0.2):
            self.rng.shuffle(tags)
        return "; ".join(["v=DMARC1"] + tags)

    def add(self, zone, owner, rrtype, rdata):
        """Unless a name server would refuse it there."""
        rows = self.zones[zone]
        kinds = {row[1] for row in rows if row[0] == owner}
        alone = {"CNAME", "DNAME"}
        if rrtype == "CNAME" and kinds or "CNAME" in kinds:
            return
        if rrtype in alone and kinds & alone:
            return
        if (rrtype == "NS" or "NS" in kinds) and owner != zone and kinds:
            return
        if (owner, rrtype, rdata) not in rows:
            rows.append((owner, rrtype, rdata))

    def publish(self, zone, name, **options):
        """A policy at a name: a record, several, or an alias."""
        owner = "_dmarc." + name
        if self.chance(0.08):
            self.add(zone, owner, "CNAME", self.target())
            return
        self.add(zone, owner, "TXT", self.record(**options))
        if self.chance(0.08):
            self.add(zone, owner, "TXT", self.record(**options))
        if self.chance(0.05):
            self.add(zone, owner, "TXT", "some-token=1")

    def target(self):
        """Where an alias may lead to."""
        domain = self.domain
        return self.rng.choice([
            "_dmarc." + domain, "hosted." + domain, "gone." + domain,
            "x.invalid", "_dmarc.www." + domain, "www." + domain,
            "h." + self.child, "a.b." + domain, "y." + self.suffix])

    def names(self):
        """Hosts of the organization, some of them deep."""
        found = []
        for _ in range(self.rng.randint(1, 6)):
            name = self.domain
            if found and self.chance(0.5):
                name = self.rng.choice(found)
            for _ in range(self.rng.choice([1, 1, 1, 2, 3, 6])):
                name = self.rng.choice(HOSTS) + "." + name
            found.append(name)
        return found

    def fill(self, zone, name):
        """What may stand at a host or below it."""
        rng = self.rng
        kind = rng.random()
        if kind < 0.6:
            self.add(zone, name, "A", "192.0.2.1")
        elif kind < 0.7:
            self.add(zone, name, "CNAME", self.target())
        elif kind < 0.75:
            self.add(zone, name, "NS", "ns.invalid")
            self.add(zone, "h." + name, "A", "192.0.2.1")
        elif kind < 0.78:
            self.add(zone, name, "DNAME", self.target())
            self.add(zone, "h." + name, "A", "192.0.2.1")
        elif kind < 0.9:
            self.add(zone, name, "MX", "10 mail." + self.domain)
        else:                           # an empty non-terminal
            self.add(zone, "_x." + name, "TXT", "a")
        if self.chance(0.35):
            self.publish(zone, name)
        if self.chance(0.15):
            self.wildcard(zone, name)
        if self.chance(0.1):
            self.add(zone, name, "TXT", rng.choice(
                ["v=spf1 -all", "v=spf1 +all", "v=spf1 ?all", "v=spf1 all"]))

    def wildcard(self, zone, name):
        owner = "*." + name
        kind = self.rng.random()
        if kind < 0.3:
            self.add(zone, owner, "A", "192.0.2.1")
        elif kind < 0.55:
            self.add(zone, owner, "TXT", self.record())
        elif kind < 0.7:
            self.add(zone, owner, "TXT", self.rng.choice(
                ["v=spf1 -all", "v=spf1 +all", "token"]))
        elif kind < 0.85:
            self.add(zone, owner, "CNAME", self.target())
        else:
            self.add(zone, "*._dmarc." + name, "TXT", self.record())

    def make(self):
        if self.chance(0.3):
            self.zones[self.tld] = []
            if self.chance(0.5):
                self.publish(self.tld, self.tld, psd=0.5)
            if self.chance(0.5):
                self.add(self.tld, self.suffix, "NS", "ns.invalid")
        if self.chance(0.4):
            self.zones[self.suffix] = []
            if self.chance(0.7):
                self.publish(self.suffix, self.suffix, psd=0.6)
            self.add(self.suffix, self.domain, "NS", "ns.invalid")
            if self.chance(0.2):
                self.wildcard(self.suffix, self.suffix)
        zone = self.domain
        self.zones[zone] = []
        if self.chance(0.75):
            self.publish(zone, zone)
        if self.chance(0.2):
            self.wildcard(zone, zone)
        for name in self.names():
            self.fill(zone, name)
        if self.chance(0.2):
            self.add(zone, "hosted." + zone, "TXT", self.record())
        if self.chance(0.1):
            self.add(zone, "a.net._report._dmarc." + zone, "TXT", "v=DMARC1")
        if self.chance(0.2):
            self.add(zone, self.child, "NS", "ns.invalid")
            if self.chance(0.6):
                self.zones[self.child] = []
                if self.chance(0.5):
                    self.publish(self.child, self.child)
                self.fill(self.child, "h." + self.child)
        self.choose_probes()

    # -- what to ask about

    def choose_probes(self):
        owners = {row[0] for rows in self.zones.values() for row in rows}
        names = {self.domain, self.suffix} | set(self.zones)
        for owner in owners:
            labels = owner.split(".")
            for i in range(len(labels) - 1):
                name = ".".join(labels[i:])
                if not any(label[0] in "_*" for label in labels[i:]):
                    names.add(name)
        for name in sorted(names):
            self.probes.add(name)
            self.probes.add(UNUSED + "." + name)
            if self.chance(0.5):
                self.probes.add("q." + UNUSED + "." + name)
            if self.chance(0.5):
                self.probes.add("q.w.e.r.t.y.u.i." + UNUSED + "." + name)

    def write(self, folder):
        for zone, rows in self.zones.items():
            with open(os.path.join(folder, zone + ".zone"), "w",
                      encoding="ascii") as file:
                file.write("%s. 3600 IN SOA ns.invalid. h.invalid. "
                           "1 2 3 4 5\n" % zone)
                file.write("%s. 3600 IN NS ns.invalid.\n" % zone)
                for owner, rrtype, rdata in rows:
                    rdata = '"%s"' % rdata if rrtype == "TXT" else \
                        rdata + ("." if rrtype != "A" else "")
                    file.write("%s. 3600 IN %s %s\n" % (owner, rrtype,
                                                        rdata))


def make(folder, count, seed):
    rng = random.Random(seed)
    worlds = [World(number, rng) for number in range(count)]
    for world in worlds:
        world.make()
        world.write(folder)
    with open(os.path.join(folder, "served.conf"), "w",
              encoding="ascii") as file:
        for world in worlds:
            for zone in world.zones:
                file.write('zone "%s" { type primary; file "%s.zone"; };\n'
                           % (zone, zone))
    with open(os.path.join(folder, "suffixes"), "w",
              encoding="ascii") as file:
        file.write("// ===BEGIN ICANN DOMAINS===\n")
        for world in worlds:
            file.write("%s\n%s\n" % (world.tld, world.suffix))
        file.write("// ===END ICANN DOMAINS===\n")
    with open(os.path.join(folder, "worlds.json"), "w",
              encoding="ascii") as file:
        json.dump([{"zones": list(world.zones), "suffixes":
                    [world.tld, world.suffix],
                    "probes": sorted(world.probes)}
                   for world in worlds], file)


# ---- asking the name server -------------------------------------------------

TYPES = {"A": 1, "CNAME": 5, "TXT": 16}
NXDOMAIN = 3


class Unknown(Exception):
    """Nobody who serves the answer is here."""


class Resolver:
    def __init__(self, port):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.connect(("127.0.0.1", port))
        self.socket.settimeout(2)
        self.known = {}
        self.queries = 0

    def wait(self, name):
        """Until the server has read its zones."""
        for _ in range(150):
            try:
                self.exchange(name, "A")
                return
            except OSError:
                time.sleep(0.1)
        raise SystemExit("not ok: the name server does not answer")

    def exchange(self, name, rrtype):
        """The answer's code, whether it has authority, and its records."""
        self.queries += 1
        number = self.queries & 0xffff
        wire = b"".join(bytes([len(label)]) + label.encode()
                        for label in name.split(".")) + b"\0"
        query = struct.pack("!HHHHHH", number, 0, 1, 0, 0, 1) + wire + \
            struct.pack("!HH", TYPES[rrtype], 1) + \
            b"\0" + struct.pack("!HHIH", 41, 4096, 0, 0)
        self.socket.send(query)
        message = self.socket.recv(65535)
        while struct.unpack_from("!H", message)[0] != number:
            message = self.socket.recv(65535)
        return self.parse(message, 12 + len(wire) + 4)

    def parse(self, message, offset):
        flags, _, answers = struct.unpack_from("!HHH", message, 2)
        if flags & 0x0200:
            raise SystemExit("not ok: an answer is cut off")
        records = []
        for _ in range(answers):
            owner, offset = self.name(message, offset)
            rrtype, _, _, length = struct.unpack_from("!HHIH", message,
                                                      offset)
            offset += 10
            data = message[offset:offset + length]
            if rrtype == TYPES["CNAME"]:
                data = self.name(message, offset)[0]
            records.append((owner, rrtype, data))
            offset += length
        return flags & 15, bool(flags & 0x0400), records

    @staticmethod
    def name(message, offset):
        labels, end = [], None
        while message[offset]:
            if message[offset] >= 0xc0:
                end = end or offset + 2
                offset = struct.unpack_from("!H", message, offset)[0] & 0x3fff
                continue
            length = message[offset]
            labels.append(message[offset + 1:offset + 1 + length].decode())
            offset += length + 1
        return ".".join(labels).lower(), end or offset + 1

    def ask(self, name, rrtype):
        """(exists, rdata...): follows aliases as a resolver does.

        Raises Unknown where that leads to what is not served here.
        """
        if (name, rrtype) not in self.known:
            try:
                self.known[name, rrtype] = self.follow(name, rrtype)
            except Unknown as error:
                self.known[name, rrtype] = error
        found = self.known[name, rrtype]
        if isinstance(found, Unknown):
            raise found
        return found

    def follow(self, name, rrtype):
        asked = name
        for links in range(9):
            code, authority, records = self.exchange(name, rrtype)
            alias = [data for owner, kind, data in records
                     if owner == name and kind == TYPES["CNAME"]]
            if alias:
                name = alias[0]
                continue
            if code == NXDOMAIN:
                return False, []
            if code != 0 or not authority:
                raise Unknown(asked, links)
            return True, [data for owner, kind, data in records
                          if owner == name and kind == TYPES[rrtype]]
        raise Unknown(asked, 9)

    def texts(self, name):
        """TXT records, strings joined: section 4.5."""
        texts = []
        for data in self.ask(name, "TXT")[1]:
            text, i = b"", 0
            while i < len(data):
                text += data[i + 1:i + 1 + data[i]]
                i += data[i] + 1
            texts.append(text.decode("latin-1"))
        return texts


# ---- reading records: section 4.7 and 4.8 -----------------------------------

def parse(text):
    """Tags in order, or None when it is no DMARC record."""
    tags = []
    for i, piece in enumerate(text.split(";")):
        name, equals, value = piece.partition("=")
        if i == 0 and (name.rstrip(" \t").lower() != "v" or
                       value.strip(" \t") != "DMARC1"):
            return None
        if equals:
            tags.append((name.strip(" \t").lower(), value.strip(" \t")))
    return tags


def is_valid_uri(uri):
    """RFC 3986, and an address behind mailto:."""
    uri = re.sub(r"![0-9]+[kmgt]?$", "", uri.strip(" \t"), flags=re.I)
    scheme, colon, rest = uri.partition(":")
    if not colon or not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*", scheme):
        return False
    if scheme.lower() == "mailto":
        return re.fullmatch(r"[^@\s]+@[^@\s]+", rest) is not None
    return rest != ""


class Record:
    def __init__(self, domain, tags):
        self.domain = domain
        self.tags = dict(reversed(tags))        # the first counts
        self.repeats = len({name for name, _ in tags}) < len(tags)

    def policy(self, name):
        value = self.tags.get(name)
        return None if value is None else \
            value.lower() if value.lower() in POLICIES else "invalid"

    def flag(self, name):
        return self.tags.get(name, "").lower()

    def percent(self):
        """RFC 7489, section 6.3."""
        value = self.tags.get("pct", "")
        return int(value) if re.fullmatch(r"[0-9]+", value) and \
            int(value) <= 100 else 100

    def has_uri(self):
        return any(is_valid_uri(uri)
                   for uri in self.tags.get("rua", "").split(","))


def lower(policy):
    return {"reject": "quarantine"}.get(policy, "none")


def outcome(policy):
    return "deliver" if policy == "none" else policy


# ---- a receiver -------------------------------------------------------------

class Verdict:
    def __init__(self, what, record=None, tag=None):
        self.outcome = what
        self.record = record
        self.tag = tag                  # None: it does not matter which
        self.partial = None

    def strength(self):
        what = self.partial[2] if self.partial else self.outcome
        return {"reject": 2, "quarantine": 1}.get(what, 0)


class Receiver:
    """What both generations have in common."""

    def __init__(self, resolver, suffixes):
        self.resolver = resolver
        self.suffixes = set(suffixes)

    def records_at(self, domain, author):
        """The records that are selected; several count as they must.

        Where nobody is asked, public suffixes have no record.
        """
        try:
            texts = self.resolver.texts("_dmarc." + domain)
        except Unknown as error:
            if not author and error.args[1] == 0 and \
               (domain in self.suffixes or "." not in domain):
                return []
            raise
        found = [parse(text) for text in texts]
        return [Record(domain, tags) for tags in found if tags is not None]

    def damaged(self, record, names):
        """Section 4.10.1, RFC 7489 section 6.6.3 step 6."""
        if record.policy("p") in (None, "invalid") or record.repeats or \
           any(record.policy(name) == "invalid" for name in names):
            if record.has_uri():
                return Verdict("deliver", record)
            return Verdict("no-policy")
        return None

    def exists(self, domain):
        """Section 3.2.13: only NXDOMAIN says that it does not."""
        try:
            return self.resolver.ask(domain, "A")[0]
        except Unknown:
            return None

    def verdict(self, author):
        try:
            return self.discover(author)
        except Unknown:
            return Verdict("unknown")


class Old(Receiver):
    """RFC 7489."""

    def organization(self, domain):
        """Section 3.2: one label more than the longest public suffix."""
        labels = domain.split(".")
        for i in range(len(labels)):
            if ".".join(labels[i:]) in self.suffixes:
                return ".".join(labels[max(i - 1, 0):])
        raise AssertionError(domain)

    def discover(self, author):
        """Section 6.6.3."""
        records = self.records_at(author, True)
        if not records:
            organization = self.organization(author)
            if organization == author:
                return Verdict("no-policy")
            records = self.records_at(organization, False)
        if len(records) != 1:
            return Verdict("no-policy")
        record = records[0]
        damage = self.damaged(record, ["sp"])
        if damage:
            return damage
        tag = "p"
        if record.domain != author and record.policy("sp"):
            tag = "sp"
        policy = record.policy(tag)
        verdict = Verdict(outcome(policy), record, tag)
        percent = record.percent()
        if policy != "none" and percent == 0:
            verdict.outcome = outcome(lower(policy))
        elif policy != "none" and percent < 100:
            verdict.outcome = "partial"
            verdict.partial = (percent, outcome(policy),
                               outcome(lower(policy)))
        return verdict


class New(Receiver):
    """RFC 9989."""

    def steps(self, start, author):
        """Section 4.10, steps 1 to 7: the records in the order found."""
        found = []
        target, first = start, True
        while target:
            records = self.records_at(target, first and author)
            if len(records) == 1:
                found.append(records[0])
                if records[0].flag("psd") in ("y", "n"):
                    break
            labels = target.split(".")
            if first and len(labels) >= 8:
                labels = labels[-7:]
            else:
                labels = labels[1:]
            target, first = ".".join(labels), False
        return found

    def select(self, found, start, initial):
        """Section 4.10.2: the organizational domain."""
        for record in found:
            if record.flag("psd") == "n":
                return record.domain
            if record.flag("psd") == "y" and record.domain != start:
                count = record.domain.count(".") + 2
                return ".".join(initial.split(".")[-count:])
        if found:
            return min((record.domain for record in found),
                       key=lambda domain: domain.count("."))
        return initial

    def organization(self, domain):
        return self.select(self.steps(domain, True), domain, domain)

    def discover(self, author):
        """Section 4.10.1."""
        records = self.records_at(author, True)
        if len(records) == 1:
            return self.apply(records[0], ["p"])
        labels = author.split(".")
        start = labels[1:] if len(labels) <= 8 else labels[-7:]
        found = []
        if start:
            found = self.steps_below(".".join(start))
        organization = self.select(found, None, author)
        record = None
        for candidate in found:
            if candidate.domain == organization:
                record = candidate
        if record is None:              # that of the public suffix
            for candidate in found:
                if candidate.flag("psd") == "y":
                    record = candidate
        if record is None:
            return Verdict("no-policy")
        exists = self.exists(author)
        there = self.apply(record, ["sp", "p"])
        gone = self.apply(record, ["np", "sp", "p"])
        if exists is None:
            return min(there, gone, key=Verdict.strength)
        return there if exists else gone

    def steps_below(self, start):
        """A walk that was cut to seven labels already, or has eight."""
        found, labels = [], start.split(".")
        while labels:
            records = self.records_at(".".join(labels), False)
            if len(records) == 1:
                found.append(records[0])
                if records[0].flag("psd") in ("y", "n"):
                    break
            labels = labels[1:] if len(labels) < 8 else labels[-7:]
        return found

    def apply(self, record, tags):
        damage = self.damaged(record, ["sp", "np"])
        if damage:
            return damage
        tag = [tag for tag in tags if record.policy(tag)][0]
        policy = record.policy(tag)
        if record.flag("t") == "y":
            policy = lower(policy)
        return Verdict(outcome(policy), record, tag)


# ---- strangers who pass: RFC 9989 section 11.8 ------------------------------

def lets_all_in(resolver, name):
    try:
        texts = [text for text in resolver.texts(name)
                 if re.match(r"v=spf1( |$)", text, re.I)]
    except Unknown:
        return False
    return len(texts) == 1 and \
        re.search(r" \+?all( |$)", texts[0]) is not None


def passes(resolver, receiver, verdict, author, open_names):
    """Does the policy fall because somebody can pass SPF as a sibling?"""
    if verdict.outcome not in ("reject", "quarantine", "partial"):
        return False
    if lets_all_in(resolver, author):
        return True
    if verdict.record.flag("aspf") == "s":
        return False
    try:
        organization = receiver.organization(author)
    except Unknown:
        return None
    for name in open_names:
        try:
            if receiver.organization(name) == organization:
                return True
        except Unknown:
            return None
    return False


# ---- comparing --------------------------------------------------------------

def judge(world, resolver, name, open_names):
    """What mailzone should say of a name; fields of None are not compared."""
    old = Old(resolver, world["suffixes"])
    new = New(resolver, world["suffixes"])
    verdicts = {"rfc7489": old.verdict(name), "rfc9989": new.verdict(name)}
    said = {"exists": new.exists(name)}
    for model, verdict in verdicts.items():
        said[model] = verdict.outcome
        said["domain " + model] = verdict.record and verdict.record.domain
        if verdict.tag:
            said["tag " + model] = verdict.tag
    said["partial"] = verdicts["rfc7489"].partial
    outcomes = [verdict.outcome for verdict in verdicts.values()]
    said["differs"] = outcomes[0] != outcomes[1] and \
        "unknown" not in outcomes
    past = [passes(resolver, receiver, verdict, name, open_names)
            for receiver, verdict in zip((old, new), verdicts.values())]
    known = [verdict for verdict in verdicts.values()
             if verdict.outcome != "unknown"]
    if any(verdict.strength() == 0 for verdict in known) or True in past:
        said["verdict"] = "exposed"
    elif None in past:
        pass
    elif len(known) < 2:
        said["verdict"] = "unknown"
    else:
        said["verdict"] = "weak" if min(
            verdict.strength() for verdict in known) == 1 else "safe"
    return said


def concrete(name):
    return re.sub(r"<(nonexistent|deep)>", UNUSED, name)


def read_row(row):
    said = {key: row[key] for key in ("exists", "rfc7489", "rfc9989",
                                      "differs", "verdict")}
    for model in ("rfc7489", "rfc9989"):
        domain = row["policyDomain"][model]
        said["domain " + model] = domain and concrete(domain)
        said["tag " + model] = row["tag"][model]
    said["partial"] = (row["pct"], row["upper"], row["lower"]) \
        if "pct" in row else None
    return said


def names_of(folder, zones):
    """The names that a survey of all zones tells of, each in one zone."""
    found = set()
    for zone in zones:
        with open(os.path.join(folder, zone + ".zone"),
                  encoding="ascii") as file:
            rows = [line.split()[:4] for line in file]
        turns = {row[0][:-1]: row[3] for row in rows
                 if row[3] == "DNAME" or
                 row[3] == "NS" and row[0] != zone + "."}
        for row in rows:
            labels = row[0][:-1].split(".")
            for i in range(len(labels) - zone.count("."), 0, -1):
                name = ".".join(labels[i - 1:])
                if labels[i - 1][0] in "_*" or \
                   (name in zones and name != zone):
                    break
                found.add(name)
                if name in turns:
                    break
    return found


class Comparison:
    def __init__(self, folder, port, mailzone):
        self.folder = folder
        self.mailzone = mailzone
        self.resolver = Resolver(port)
        self.names = self.wrong = 0

    def rows(self, world, *arguments):
        files = [zone + ".zone" for zone in world["zones"]]
        run = subprocess.run(
            [self.mailzone, "-q", "--no-config", "--psl", "suffixes",
             "exposure", "-f", "json", *arguments, *files],
            cwd=self.folder, stdout=subprocess.PIPE, check=False)
        if run.returncode > 1:
            raise SystemExit("not ok: mailzone ends with %d: %s" % (
                run.returncode, " ".join(files)))
        return json.loads(run.stdout)["exposures"]

    def compare(self, world, row, open_names):
        name = concrete(row["name"])
        wanted = judge(world, self.resolver, name, open_names)
        found = read_row(row)
        if row["kind"] == "delegated":
            wanted["exists"] = None
        self.names += 1
        for key, value in wanted.items():
            if found[key] != value:
                self.wrong += 1
                print("not ok %s: %s is %s, mailzone says %s (%s)" % (
                    name, key, value, found[key], row["why"]))

    def world(self, world):
        open_names = [name for name in world["probes"]
                      if lets_all_in(self.resolver, name)]
        asked = []
        for name in world["probes"]:
            asked += ["--name", name]
        survey = self.rows(world)
        for row in self.rows(world, *asked) + survey:
            self.compare(world, row, open_names)
        told = {row["name"] for row in survey
                if row["kind"] in ("apex", "name", "delegated")}
        for name in told ^ names_of(self.folder, world["zones"]):
            self.wrong += 1
            print("not ok %s: mailzone %s of it" % (
                name, "tells" if name in told else "does not tell"))


def compare(folder, port, mailzone):
    with open(os.path.join(folder, "worlds.json"), encoding="ascii") as file:
        worlds = json.load(file)
    comparison = Comparison(folder, port, mailzone)
    comparison.resolver.wait(worlds[0]["zones"][-1])
    for world in worlds:
        comparison.world(world)
    print("%s %d names in %d worlds, %d queries, %d wrong" % (
        "not ok" if comparison.wrong else "ok", comparison.names,
        len(worlds), comparison.resolver.queries, comparison.wrong))
    return comparison.wrong > 0


if sys.argv[1] == "make":
    make(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
else:
    sys.exit(compare(sys.argv[2], int(sys.argv[3]), sys.argv[4]))
