using System.Net;
using ChunkProxy.Web.Clients;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace ChunkProxy.Web.Tests.Clients;

public sealed class TrustedProxiesTests
{
    private const string Proxies = "10.0.0.0/8, 2001:db8:1::/48, 192.0.2.250";

    [Theory]
    [InlineData("10.0.0.1", "198.51.100.7", "198.51.100.7")]
    [InlineData("10.0.0.1", "198.51.100.7:4711", "198.51.100.7")]
    [InlineData("10.0.0.1", "[2001:db8::7]:4711", "2001:db8::7")]
    [InlineData("10.0.0.1", "2001:db8::7", "2001:db8::7")]
    [InlineData("10.0.0.1", " 198.51.100.7 ,\t10.0.0.2 ", "198.51.100.7")]
    [InlineData("::ffff:10.0.0.1", "198.51.100.7", "198.51.100.7")]
    [InlineData("2001:db8:1::1", "198.51.100.7", "198.51.100.7")]
    [InlineData("10.0.0.1", "203.0.113.9, 198.51.100.7, 10.0.0.3, 192.0.2.250", "198.51.100.7")]
    [InlineData("10.0.0.1", "10.0.0.4, 10.0.0.3, 10.0.0.2", "10.0.0.4")]
    public void ClientOf_PeerIsTrusted_IsTheFirstUntrustedHopFromTheRight(string peer, string field, string client) =>
        Assert.Equal(IPAddress.Parse(client), ClientOf(peer, field));

    [Theory]
    [InlineData("192.0.2.1")]
    [InlineData("192.0.2.251")]
    [InlineData("2001:db8:2::1")]
    public void ClientOf_PeerIsNotTrusted_IsThePeer(string peer) => Assert.Equal(IPAddress.Parse(peer), ClientOf(peer, "198.51.100.7"));

    [Theory]
    [InlineData("unknown", "10.0.0.1")]
    [InlineData("", "10.0.0.1")]
    [InlineData(",", "10.0.0.1")]
    [InlineData("198.51.100.7, unknown, 10.0.0.2", "10.0.0.2")]
    [InlineData("198.51.100.7, , 10.0.0.2", "10.0.0.2")]
    [InlineData("198.51.100.7, _hidden, 10.0.0.3, 10.0.0.2", "10.0.0.3")]
    [InlineData("1", "10.0.0.1")]
    [InlineData("198.51.100", "10.0.0.1")]
    [InlineData("198.51.100.07", "10.0.0.1")]
    [InlineData("0xC6.51.100.7", "10.0.0.1")]
    [InlineData("198.51.100.7:70000", "10.0.0.1")]
    [InlineData("198.51.100.7;10.0.0.2", "10.0.0.1")]
    [InlineData("fe80::1%eth0", "10.0.0.1")]
    [InlineData("[2001:db8::7", "10.0.0.1")]
    [InlineData("host.example", "10.0.0.1")]
    public void ClientOf_HopIsNoAddress_IsTheHopBefore(string field, string client) => Assert.Equal(IPAddress.Parse(client), ClientOf("10.0.0.1", field));

    [Fact]
    public void ClientOf_NoField_IsThePeer() => Assert.Equal(IPAddress.Parse("10.0.0.1"), ClientOf("10.0.0.1", StringValues.Empty));

    [Fact]
    public void ClientOf_NoAddress_IsNone() => Assert.Null(ClientOf(null, "198.51.100.7"));

    [Fact]
    public void ClientOf_SeveralLines_ReadsTheLastLineFirst() =>
        Assert.Equal(IPAddress.Parse("198.51.100.7"), ClientOf("10.0.0.1", new StringValues(["203.0.113.9, 198.51.100.7", "10.0.0.3", "10.0.0.2"])));

    [Theory]
    [InlineData(31, "198.51.100.7")]
    [InlineData(32, "10.9.9.9")]
    [InlineData(3000, "10.9.9.9")]
    public void ClientOf_ManyHops_ReadsThirtyTwo(int proxies, string client)
    {
        var field = "198.51.100.7" + string.Concat(Enumerable.Repeat(", 10.9.9.9", proxies));

        Assert.Equal(IPAddress.Parse(client), ClientOf("10.0.0.1", field));
    }

    [Fact]
    public void AreNone_NoList_TrustsNobody()
    {
        var proxies = new TrustedProxies(Options.Create(new ClientOptions()));

        Assert.True(proxies.AreNone);
        Assert.Equal(IPAddress.Loopback, proxies.ClientOf(IPAddress.Loopback, "198.51.100.7"));
    }

    [Theory]
    [InlineData("10.0.0.0/8, ::1", true)]
    [InlineData("10.0.0.0/33", false)]
    [InlineData("proxy.example", false)]
    [InlineData("*", false)]
    public void Validate_Entry_IsAnAddressOrCidr(string list, bool isValid) =>
        Assert.Equal(isValid, new ClientOptionsValidator().Validate(null, new ClientOptions { TrustedProxies = list }).Succeeded);

    private static IPAddress? ClientOf(string? peer, StringValues field) =>
        new TrustedProxies(Options.Create(new ClientOptions { TrustedProxies = Proxies })).ClientOf(peer is null ? null : IPAddress.Parse(peer), field);
}
