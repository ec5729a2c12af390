"""What pyspf makes of the served zones; and signing mail with dkimpy.

    served.py spf PORT < CASES
    served.py sign KEY < MAIL > SIGNED
"""

import sys


def use_port(port):
    """Whichever of the two libraries pyspf was made for."""
    try:
        import dns.resolver
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers = ["127.0.0.1"]
        resolver.port = port
        dns.resolver.default_resolver = resolver
    except ImportError:
        pass
    try:
        import DNS
        DNS.defaults["server"] = ["127.0.0.1"]
        DNS.defaults["port"] = port
    except ImportError:
        pass


def check_spf(port):
    import spf
    use_port(port)
    status = 0
    for line in sys.stdin:
        host, domain, wanted = line.split()
        found = spf.check2(i=host, s="bounce@" + domain, h=domain)[0]
        name = "pyspf: %s as %s: %s" % (host, domain, wanted)
        if found == wanted:
            print("ok", name)
        else:
            print("not ok", name, "but", found)
            status = 1
    return status


def sign(path):
    import dkim
    message = sys.stdin.buffer.read().replace(b"\n", b"\r\n")
    with open(path, "rb") as file:
        key = file.read()
    header = dkim.sign(message, b"s1", b"example.com", key,
                       include_headers=[b"from", b"to", b"subject", b"date"])
    sys.stdout.buffer.write(header.replace(b"\r\n", b"\n") +
                            message.replace(b"\r\n", b"\n"))
    return 0


if sys.argv[1] == "spf":
    sys.exit(check_spf(int(sys.argv[2])))
sys.exit(sign(sys.argv[2]))
