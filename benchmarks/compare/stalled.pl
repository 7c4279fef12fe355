#!/usr/bin/perl
# Clients that request a film, read the response header, and stop reading. Arguments: port, path, number of clients.
# Prints a line when every client has its response header. Closes all connections when its standard input ends, or after two minutes.
use strict;
use warnings;
use Socket;

my ($port, $path, $count) = @ARGV;
my @clients;
for (1 .. $count) {
    socket(my $client, PF_INET, SOCK_STREAM, getprotobyname('tcp')) or die "socket: $!";
    connect($client, sockaddr_in($port, inet_aton('127.0.0.1'))) or die "connect: $!";
    syswrite($client, "GET $path HTTP/1.1\r\nHost: stalled\r\n\r\n");
    push @clients, $client;
}
for my $client (@clients) {
    my $head = '';
    while ($head !~ /\r\n\r\n/) {
        recv($client, my $byte, 1, 0);
        length $byte or die "a connection closed before the end of the response header";
        $head .= $byte;
    }
    $head =~ m{^HTTP/1.1 200 } or die "not a film: $head";
}
$| = 1;
print "stalled\n";
alarm 120;
<STDIN>;
