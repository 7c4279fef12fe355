#!/usr/bin/perl
# An origin that sends a fixed number of bytes per second to each connection, in small pieces. (nginx's limit_rate sends the bytes of
# a whole second at once.) Arguments: port, folder, bytes per second. Serves GET with one range. Exits when its parent exits.
use strict;
use warnings;
use Socket qw(:DEFAULT IPPROTO_TCP TCP_NODELAY);

my ($port, $folder, $rate) = @ARGV;
my $piece = 16384;
$SIG{CHLD} = 'IGNORE';
my $parent = getppid();
socket(my $listener, PF_INET, SOCK_STREAM, getprotobyname('tcp')) or die "socket: $!";
setsockopt($listener, SOL_SOCKET, SO_REUSEADDR, 1);
bind($listener, sockaddr_in($port, inet_aton('127.0.0.1'))) or die "bind: $!";
listen($listener, 64) or die "listen: $!";
while (getppid() == $parent) {
    my $ready = '';
    vec($ready, fileno($listener), 1) = 1;
    next unless select($ready, undef, undef, 1) > 0;
    accept(my $client, $listener) or next;
    my $child = fork();
    if (defined $child && $child == 0) {
        close $listener;
        serve($client);
        exit 0;
    }
    close $client;
}

sub serve {
    my ($client) = @_;
    setsockopt($client, SOL_SOCKET, SO_SNDBUF, 65536);
    setsockopt($client, IPPROTO_TCP, TCP_NODELAY, 1); # send a piece when it is due, not when the previous piece has been acknowledged
    my $head = '';
    while (1) {
        while ($head !~ /\r\n\r\n/) {
            sysread($client, $head, 8192, length $head) or return;
        }
        $head =~ s/^(.*?\r\n\r\n)//s;
        my $request = $1;
        my ($path) = $request =~ m{^GET /([\w/-]+) } or return;
        open(my $file, '<:raw', "$folder/$path") or return;
        my $size = -s $file;
        my ($status, $first, $last) = ('200 OK', 0, $size - 1);
        if ($request =~ /\r\nRange: bytes=(\d+)-(\d*)/i) {
            ($status, $first) = ('206 Partial Content', $1);
            $last = $2 if length $2 && $2 < $size;
        }
        my $left = $last - $first + 1;
        my $answer = "HTTP/1.1 $status\r\nContent-Type: video/mp4\r\nETag: \"fixed\"\r\nCache-Control: max-age=86400\r\nAccept-Ranges: bytes\r\nContent-Length: $left\r\n";
        $answer .= "Content-Range: bytes $first-$last/$size\r\n" if $status =~ /^206/;
        $answer .= "\r\n";
        seek($file, $first, 0);
        my $began = now();
        my $sent = 0;
        while ($left > 0) {
            my $wanted = $left < $piece ? $left : $piece;
            read($file, my $bytes, $wanted) or return;
            write_all($client, $answer . $bytes) or return;
            $answer = '';
            $sent += $wanted;
            $left -= $wanted;
            my $early = $sent / $rate - (now() - $began);
            select(undef, undef, undef, $early) if $early > 0;
        }
    }
}

sub write_all {
    my ($client, $bytes) = @_;
    my $done = 0;
    while ($done < length $bytes) {
        my $count = syswrite($client, $bytes, length($bytes) - $done, $done) or return 0;
        $done += $count;
    }
    return 1;
}

sub now {
    require Time::HiRes;
    return Time::HiRes::time();
}
