using System.Net.Sockets;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Tests.Origin;

public sealed class OriginFaultTests
{
    [Theory]
    [InlineData(HttpRequestError.NameResolutionError, OriginOutcome.Unreachable)]
    [InlineData(HttpRequestError.ConnectionError, OriginOutcome.Unreachable)]
    [InlineData(HttpRequestError.SecureConnectionError, OriginOutcome.Unreachable)]
    [InlineData(HttpRequestError.ResponseEnded, OriginOutcome.Unreachable)]
    [InlineData(HttpRequestError.InvalidResponse, OriginOutcome.Misbehaved)]
    public void Of_HttpFault_IsNamed(HttpRequestError error, OriginOutcome expected) =>
        Assert.Equal(expected, OriginFault.Of(new HttpRequestException(error))!.Outcome);

    [Fact]
    public void Of_BrokenConnection_IsUnreachable()
    {
        Assert.Equal(OriginOutcome.Unreachable, OriginFault.Of(new IOException())!.Outcome);
        Assert.Equal(OriginOutcome.Unreachable, OriginFault.Of(new SocketException((int)SocketError.ConnectionReset))!.Outcome);
    }

    [Fact]
    public void Of_Bug_IsNone() => Assert.Null(OriginFault.Of(new InvalidOperationException()));
}
