using System.Net;
using ChunkProxy.Cache.Origin;

namespace ChunkProxy.Cache.Tests.Origin;

public sealed class OriginConnectorTests
{
    private static readonly IPAddress[] Own = [IPAddress.Parse("192.0.2.7"), IPAddress.Parse("2001:db8::7")];

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.9.9.9", true)]
    [InlineData("::1", true)]
    [InlineData("::ffff:127.0.0.1", true)]
    [InlineData("0.0.0.0", true)]
    [InlineData("0.1.2.3", true)]
    [InlineData("::", true)]
    [InlineData("169.254.169.254", true)]
    [InlineData("fe80::1", true)]
    [InlineData("192.0.2.7", true)]
    [InlineData("2001:db8::7", true)]
    [InlineData("192.0.2.8", false)]
    [InlineData("10.0.0.1", false)]
    [InlineData("2001:db8::8", false)]
    public void IsNear_Address_IsOfThisMachineOrLink(string address, bool expected) => Assert.Equal(expected, OriginConnector.IsNear(IPAddress.Parse(address), Own));
}
