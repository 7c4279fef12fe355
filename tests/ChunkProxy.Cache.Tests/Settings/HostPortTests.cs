using System.Net;
using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Cache.Tests.Settings;

public sealed class HostPortTests
{
    [Theory]
    [InlineData(":8080", "", 8080)]
    [InlineData("127.0.0.1:0", "127.0.0.1", 0)]
    [InlineData("[::1]:80", "::1", 80)]
    [InlineData("localhost:80", "localhost", 80)]
    [InlineData("cache-1.example:7070", "cache-1.example", 7070)]
    [InlineData("0.0.0.0:65535", "0.0.0.0", 65535)]
    public void TryParse_Address_GivesHostAndPort(string text, string host, int port)
    {
        Assert.True(HostPort.TryParse(text, out var address));
        Assert.Equal(new HostPort(host, port), address);
        Assert.Equal(text, address.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("8080")]
    [InlineData("127.0.0.1")]
    [InlineData("cache-1:")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("127.0.0.1:-1")]
    [InlineData("::1:80")]
    [InlineData("[]:80")]
    [InlineData("[127.0.0.1]:80")]
    [InlineData("[cache-1]:7070")]
    [InlineData("http://127.0.0.1:80")]
    [InlineData("cache/1:7070")]
    [InlineData("two words:80")]
    [InlineData("*:80")]
    public void TryParse_NoAddress_IsRefused(string? text) => Assert.False(HostPort.TryParse(text, out _));

    [Fact]
    public void Address_Name_IsNone()
    {
        Assert.Null(new HostPort("localhost", 80).Address);
        Assert.Equal(IPAddress.IPv6Loopback, new HostPort("::1", 80).Address);
    }

    [Theory]
    [InlineData("10.0.0.1:7070", "10.0.0.1:7070")]
    [InlineData(" Cache-1.Example.ORG.:7070 ", "cache-1.example.org:7070")]
    [InlineData("localhost:7070", "127.0.0.1:7070")]
    [InlineData("[2001:DB8::0:1]:7070", "[2001:db8::1]:7070")]
    public void Normal_EqualAddresses_AreOneText(string text, string normal)
    {
        Assert.Equal(normal, HostPort.Parse(text).Normal.ToString());
        Assert.Equal(HostPort.Parse(normal), HostPort.Parse(text).Normal);
        Assert.True(HostPort.Parse(text).IsReachable);
    }

    [Theory]
    [InlineData(":7070")]
    [InlineData("0.0.0.0:7070")]
    [InlineData("[::]:7070")]
    [InlineData("10.0.0.1:0")]
    public void IsReachable_EveryAddressOrNoPort_False(string text) => Assert.False(HostPort.Parse(text).IsReachable);
}
