using System.Net;
using ChunkProxy.Cache.Origin;

namespace ChunkProxy.Cache.Tests.Origin;

/// <summary>RFC 9112 §6.3, as HttpClient leaves the lines of a response.</summary>
public sealed class MessageFramingTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(true, "Content-Length: 5")]
    [InlineData(true, "Content-Length: 5", "Content-Length: 5")]
    [InlineData(true, "Transfer-Encoding: chunked")]
    [InlineData(true, "Transfer-Encoding: Chunked")]
    [InlineData(false, "Content-Length: 5", "Content-Length: 6")]
    [InlineData(false, "Content-Length: 5, 6")]
    [InlineData(false, "Content-Length: five")]
    [InlineData(false, "Content-Length: -5")]
    [InlineData(false, "Content-Length: +5")]
    [InlineData(false, "Content-Length: 0x5")]
    [InlineData(false, "Content-Length: ")]
    [InlineData(false, "Content-Length: 99999999999999999999")]
    [InlineData(false, "Content-Length: 5", "Transfer-Encoding: chunked")]
    [InlineData(false, "Transfer-Encoding: gzip")]
    [InlineData(false, "Transfer-Encoding: gzip, chunked")]
    [InlineData(false, "Transfer-Encoding: chunked", "Transfer-Encoding: chunked")]
    [InlineData(false, "Transfer-Encoding: identity")]
    [InlineData(false, "Transfer-Encoding: xchunked")]
    public void FaultOf_Lines_AreSoundOrNot(bool isSound, params string[] lines)
    {
        var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent([]) };
        foreach (var line in lines)
        {
            var (name, value) = (line[..line.IndexOf(':', StringComparison.Ordinal)], line[(line.IndexOf(':', StringComparison.Ordinal) + 2)..]);
            Assert.True(response.Headers.TryAddWithoutValidation(name, value) || response.Content.Headers.TryAddWithoutValidation(name, value));
        }

        Assert.Equal(isSound, MessageFraming.FaultOf(response) is null);
    }

    [Fact]
    public void FaultOf_ChunkedFromHttp10_IsAFault()
    {
        var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent([]), Version = HttpVersion.Version10 };
        response.Headers.TryAddWithoutValidation("Transfer-Encoding", "chunked");
        Assert.NotNull(MessageFraming.FaultOf(response));
    }
}
