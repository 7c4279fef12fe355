using System.Net;
using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Cache.Tests.Settings;

public sealed class ListenAddressTests
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
        Assert.True(ListenAddress.TryParse(text, out var address));
        Assert.Equal(new ListenAddress(host, port), address);
        Assert.Equal(text, address.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("8080")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("127.0.0.1:-1")]
    [InlineData("::1:80")]
    [InlineData("[]:80")]
    [InlineData("[127.0.0.1]:80")]
    [InlineData("http://127.0.0.1:80")]
    [InlineData("two words:80")]
    public void TryParse_NoAddress_IsRefused(string text) => Assert.False(ListenAddress.TryParse(text, out _));

    [Fact]
    public void Address_Name_IsNone()
    {
        Assert.Null(new ListenAddress("localhost", 80).Address);
        Assert.Equal(IPAddress.IPv6Loopback, new ListenAddress("::1", 80).Address);
    }
}
