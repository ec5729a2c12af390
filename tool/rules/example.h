/*
 * Zone files for the examples of rules, in parts.
 */
#ifndef RULES_EXAMPLE_H
#define RULES_EXAMPLE_H

#define TXT(owner, text)	owner " TXT \"" text "\"\n"
#define RR(line)		line "\n"
/* A quiet zone to stand an example in: SOA, NS, and a good policy. */
#define QUIET_SOA \
	"$ORIGIN example.com.\n$TTL 3600\n" \
	"@ SOA ns hostmaster 1 3600 900 604800 3600\n@ NS ns\n" \
	"ns A 198.51.100.53\n"
#define QUIET_DMARC \
	"_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:dmarc@example.com\"\n"
#define QUIET_SPF \
	"@ TXT \"v=spf1 ip4:198.51.100.25 ~all\"\n"
#define QUIET_MX \
	"@ MX 10 mail\nmail A 198.51.100.25\n"
#define QUIET	QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC
/* The same zone with another policy. */
#define WITH_DMARC(text) \
	QUIET_SOA QUIET_MX QUIET_SPF TXT("_dmarc", text)
/* And with another SPF record. */
#define WITH_SPF(text) \
	QUIET_SOA QUIET_MX QUIET_DMARC TXT("@", text)
/* A key of 2048 bits, in the two strings that it takes. */
#define KEY_2048_1 \
	"MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA3cyOAz+tgHZa" \
	"SHHw1o00oAI9nQzXXAMhp935DDsQdvwVpfl/KSR8rwSs7OWtuWLrgIqe" \
	"uqfkTXBpWMTiIeDhTJx3X13HCRMsrEwSh0RSpzRz+OoT8v9e5e19fIS9" \
	"I65pR2ay0U2HorApfjHoekRKse6QlRNwznQY9+qye91wUtRzZw+/axTI"
#define KEY_2048_2 \
	"KH7Hsw8t48LttBRT9Zjg8ZSSIRwJjYrCpJZkyYfHuG+tiiURRGb4A+Qg" \
	"hX4kM23o4TCz+L3bfHNbxut7eOhFGmDSU2ab24yOT/ZO8A0O+/jJkgQ3" \
	"AvWXfLGP+VWdOFAqEac0GdoWh3slG8SZZaFTx/YhKdiSZ5MEEQIDAQAB"
#define KEY_2048	KEY_2048_1 "\" \"" KEY_2048_2
#define KEY_1024 \
	"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDB9fg6oS8MhSs6hceF" \
	"F63tEJhepAPP1USNvm+sDIVM9khohNvufiroAXj388dvC1s07hvDYP37" \
	"9EkN/zHPa9hB3DUAbh9Nkwrg3asR8DdlgvDDF9Gq7kou99vyu7vCFoSe" \
	"OOJeTV4vBadpHNdeYsYsrFwsv/fv+JFyeEXEhrSFKwIDAQAB"
#define KEY_ED25519	"4snZNpsL9+OHpLeZNBGxH7gDa+XUONTmZ+wuyHpdNno="
#define QUIET_DKIM	TXT("s._domainkey", "v=DKIM1; k=rsa; p=" KEY_2048)
/* What stood in the zone on another day, under an older serial. */
#define EARLIER(date, records) \
	"; earlier: " date "\n$ORIGIN example.com.\n$TTL 3600\n" \
	"@ SOA ns hostmaster 0 3600 900 604800 3600\n" records
#define TODAY(date)	"; today: " date "\n"

#endif
