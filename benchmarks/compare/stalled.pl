#!/usr/bin/perl
# Clients that request a film, read the response header, and stop reading. Arguments: port, path, number of clients, and optionally the distance
# in bytes between the positions from which they request the film (0: they all request the whole film), and the bytes that each reads per second.
# Prints a line when every client has its response header. Closes all connections when its standard input ends, or after two minutes.
use strict;
use warnings;
use Socket;

my ($port, $path, $count, $step, $pace) = @ARGV;
my @clients;
for (my $first = 0; $first < $count; $first += 100) { # in groups, because a cold film takes the origin some time
    my @group;
    for my $number ($first .. ($first + 100 < $count ? $first + 100 : $count) - 1) {
        my $range = $step ? 'Range: bytes=' . $number * $step . "-\r\n" : '';
        socket(my $client, PF_INET, SOCK_STREAM, getprotobyname('tcp')) or die "socket: $!";
        connect($client, sockaddr_in($port, inet_aton('127.0.0.1'))) or die "connect: $!";
        syswrite($client, "GET $path HTTP/1.1\r\nHost: stalled\r\n$range\r\n");
        push @group, $client;
    }
    for my $client (@group) {
        my $head = '';
        while ($head !~ /\r\n\r\n/) {
            recv($client, my $byte, 1, 0);
            length $byte or die "a connection closed before the end of the response header";
            $head .= $byte;
        }
        $head =~ m{^HTTP/1.1 20[06] } or die "not a film: $head";
    }
    push @clients, @group;
}
$| = 1;
print "stalled\n";
alarm 120;
my $waiting = '';
vec($waiting, fileno(STDIN), 1) = 1;
for (my $next = 0; !select(my $ended = $waiting, undef, undef, $pace ? 0.02 : undef); $next += @clients / 50) { # a fiftieth of them at a time
    recv($clients[$_ % @clients], my $bytes, $pace, MSG_DONTWAIT) for $next .. $next + @clients / 50 - 1;
}
