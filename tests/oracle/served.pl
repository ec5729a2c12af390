# What Mail::SPF, Mail::DKIM and Mail::DMARC make of the served zones.
#
#	perl served.pl spf|dkim|dmarc PORT < CASES

use strict;
use warnings;
use Net::DNS;

my ($what, $port) = @ARGV;
my $resolver = Net::DNS::Resolver->new(nameservers => ['127.0.0.1'],
    port => $port, recurse => 0);
my $status = 0;

sub check {
	my ($found, $wanted, $name) = @_;
	my $good = $found eq $wanted;

	print $good ? "ok $name: $wanted\n" :
	    "not ok $name: $found, not $wanted\n";
	$status = 1 unless $good;
}

sub spf {
	require Mail::SPF;
	my $server = Mail::SPF::Server->new(dns_resolver => $resolver);

	while (my $line = <STDIN>) {
		my ($host, $domain, $wanted) = split ' ', $line;
		my $request = Mail::SPF::Request->new(scope => 'mfrom',
		    identity => "bounce\@$domain", ip_address => $host);

		check($server->process($request)->code, $wanted,
		    "Mail::SPF: $host as $domain");
	}
}

sub dkim {
	require Mail::DKIM::Verifier;
	require Mail::DKIM::DNS;
	Mail::DKIM::DNS::resolver($resolver);
	for my $case (['signed.txt', 'pass'], ['forged.txt', 'fail']) {
		my ($path, $wanted) = @$case;
		my $verifier = Mail::DKIM::Verifier->new;

		open my $file, '<', $path or die "$path: $!";
		while (my $line = <$file>) {
			chomp $line;
			$verifier->PRINT("$line\015\012");
		}
		$verifier->CLOSE;
		check($verifier->result, $wanted, "Mail::DKIM: $path");
	}
}

# What passed, for which domain, and what is to be done with the mail.
sub dmarc {
	require Mail::DMARC::PurePerl;
	my @cases = (
		['example.com', 'example.com', 'pass', 'none', 'pass'],
		['example.com', 'example.com', 'softfail', 'pass', 'pass'],
		['example.com', 'bounce.example.com', 'pass', 'none', 'pass'],
		['example.com', 'example.com', 'softfail', 'none', 'reject'],
		['example.com', 'example.org', 'pass', 'fail', 'reject'],
		['x.example.com', 'example.org', 'pass', 'none', 'reject'],
		['example.net', 'example.net', 'fail', 'none', 'reject'],
	);

	for my $case (@cases) {
		my ($from, $domain, $spf, $dkim, $wanted) = @$case;
		my $policy = Mail::DMARC::PurePerl->new;

		$policy->set_resolver($resolver);
		$policy->source_ip('203.0.113.9');
		$policy->header_from($from);
		$policy->envelope_from($domain);
		$policy->spf([{ domain => $domain, scope => 'mfrom',
		    result => $spf }]);
		$policy->dkim([{ domain => $from, selector => 's1',
		    result => $dkim }]);
		$policy->validate;
		my $result = $policy->result;
		check($result->result eq 'pass' ? 'pass' :
		    $result->disposition, $wanted, "Mail::DMARC: From: $from," .
		    " SPF $spf for $domain, DKIM $dkim");
	}
}

my %checks = (spf => \&spf, dkim => \&dkim, dmarc => \&dmarc);
$checks{$what}->();
exit $status;
