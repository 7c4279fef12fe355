#!/usr/bin/perl
# Clients that request a film, read the response header, and stop reading, each from an address of its own. Arguments: port, path, number of clients,
# and optionally the distance in bytes between the positions from which they request the film (0: they all request the whole film), the bytes that
# each reads per second, and "again" (a client whose response ends, or is refused, requests it once more) or "idle" (a client requests one byte).
# Prints a line when every client has its response header, or with "again" has sent its request. Closes all connections when its standard input
# ends, or after ten minutes.
use strict;
use warnings;
use Socket;

my ($port, $path, $count, $step, $pace, $mode) = (@ARGV, '');
my ($again, $idle) = ($mode eq 'again', $mode eq 'idle');
$SIG{PIPE} = 'IGNORE';

sub request { # number of the client; its connection
    my ($number) = @_;
    my $range = $step ? 'Range: bytes=' . $number * $step . '-' . ($idle ? $number * $step : '') . "\r\n" : '';
    socket(my $client, PF_INET, SOCK_STREAM, getprotobyname('tcp')) or die "socket: $!";
    bind($client, sockaddr_in(0, inet_aton('127.1.' . int($number / 250) . '.' . ($number % 250 + 1)))) or die "bind: $!";
    connect($client, sockaddr_in($port, inet_aton('127.0.0.1'))) or die "connect: $!";
    syswrite($client, "GET $path HTTP/1.1\r\nHost: stalled\r\n$range\r\n");
    return $client;
}

my @clients;
for (my $first = 0; $first < $count; $first += 100) { # in groups, because a cold film takes the origin some time
    my @group = map { request($_) } $first .. ($first + 100 < $count ? $first + 100 : $count) - 1;
    push @clients, @group;
    next if $again;
    for my $client (@group) {
        my $head = '';
        while ($head !~ /\r\n\r\n/) {
            recv($client, my $byte, 1, 0);
            length $byte or die "a connection closed before the end of the response header";
            $head .= $byte;
        }
        $head =~ m{^HTTP/1.1 20[06] } or die "not a film: $head";
    }
}
$| = 1;
print "stalled\n";
alarm 600;
my $waiting = '';
vec($waiting, fileno(STDIN), 1) = 1;
my $next = 0; # a fiftieth of them at a time
while (!select(my $ended = $waiting, undef, undef, $pace ? 0.02 : undef)) {
    for (1 .. @clients / 50) {
        my $number = $next++ % @clients;
        my $read = recv($clients[$number], my $bytes, $pace, MSG_DONTWAIT);
        next if !$again || (defined $read ? length $bytes && $bytes !~ m{^HTTP/1.1 [45]} : $!{EAGAIN});
        close $clients[$number];
        $clients[$number] = request($number);
    }
}
