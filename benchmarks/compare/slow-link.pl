#!/usr/bin/perl
# A TCP link to a server on this machine. While a file exists, the server's bytes pass at a fixed rate, over all connections. Arguments: port, the
# server's port, bytes per second, the file. Exits when its parent exits.
use strict;
use warnings;
use Socket qw(:DEFAULT IPPROTO_TCP TCP_NODELAY);
use Time::HiRes qw(time);

my ($port, $server, $rate, $file) = @ARGV;
my $tick = 0.02;
$SIG{PIPE} = 'IGNORE';
my $parent = getppid();
socket(my $listener, PF_INET, SOCK_STREAM, getprotobyname('tcp')) or die "socket: $!";
setsockopt($listener, SOL_SOCKET, SO_REUSEADDR, 1);
bind($listener, sockaddr_in($port, inet_aton('127.0.0.1'))) or die "bind: $!";
listen($listener, 256) or die "listen: $!";

my %link; # by file number: [socket, the other socket, whether it is the server's]
my ($allowance, $filled) = (0, time);
while (getppid() == $parent) {
    my $slow = -e $file;
    if ($slow) {
        my $now = time;
        $allowance += ($now - $filled) * $rate;
        $allowance = $rate * 4 * $tick if $allowance > $rate * 4 * $tick;
        $filled = $now;
    }
    my $ready = '';
    vec($ready, fileno($listener), 1) = 1;
    for my $link (values %link) {
        vec($ready, fileno($link->[0]), 1) = 1 unless $slow && $link->[2] && $allowance < 1;
    }
    select($ready, undef, undef, $slow ? $tick : 1) > 0 or next;
    for my $number (keys %link) {
        next unless $link{$number} && vec($ready, $number, 1);
        my ($from, $to, $is_server) = @{$link{$number}};
        my $most = $slow && $is_server ? int($allowance) : 65536;
        next if $most < 1;
        my $read = sysread($from, my $bytes, $most > 65536 ? 65536 : $most);
        if (!$read || !send_all($to, $bytes)) {
            delete @link{fileno($from), fileno($to)};
            close $from;
            close $to;
            next;
        }
        $allowance -= $read if $slow && $is_server;
    }
    connect_one() if vec($ready, fileno($listener), 1);
}

sub connect_one {
    accept(my $client, $listener) or return;
    socket(my $upstream, PF_INET, SOCK_STREAM, getprotobyname('tcp')) or die "socket: $!";
    connect($upstream, sockaddr_in($server, inet_aton('127.0.0.1'))) or return;
    for my $socket ($client, $upstream) {
        setsockopt($socket, IPPROTO_TCP, TCP_NODELAY, 1);
    }
    $link{fileno $client} = [$client, $upstream, 0];
    $link{fileno $upstream} = [$upstream, $client, 1];
}

sub send_all {
    my ($socket, $bytes) = @_;
    while (length $bytes) {
        my $sent = syswrite($socket, $bytes) or return 0;
        substr($bytes, 0, $sent) = '';
    }
    return 1;
}
