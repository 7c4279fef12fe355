using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Peers;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Sites;
using Microsoft.AspNetCore.Http;

namespace ChunkProxy.Cache.Tests.Peers.Transport;

public sealed class PoolFieldsTests
{
    [Theory]
    [InlineData("http://origin.test", null, true)]
    [InlineData("http://other.test", null, false)]
    [InlineData("http://origin.test", "token", true)] // the key of the path is the same
    public void ReadId_NameOfTheOriginStandsForAnotherServer_IsRefused(string url, string? ignored, bool isRead)
    {
        var id = Sites("http://origin.test", null).Read("media:/film.mp4")!;
        using var question = new HttpRequestMessage();
        PoolFields.Add(question, id);
        using var ping = new HttpRequestMessage();
        new PeerSubject(id).NameTo(ping);
        var receiver = Sites(url, ignored);

        foreach (var request in new[] { ReceivedRequest.Of(question), ReceivedRequest.Of(ping) })
        {
            Assert.Equal(isRead ? "media:/film.mp4" : null, PoolFields.ReadId(request, receiver)?.Text);
            Assert.Equal(!isRead, PoolFields.IsForUnknownOrigin(request, receiver));
        }
    }

    [Fact]
    public void ReadId_SeveralOriginsAndNoHash_IsRefused()
    {
        var request = new DefaultHttpContext().Request;
        request.Headers[PoolProtocol.Object] = "media:/film.mp4";

        Assert.Null(PoolFields.ReadId(request, Sites("http://origin.test", null)));
    }

    private static SiteTable Sites(string url, string? ignored) =>
        new([new SiteRules(url, new CacheKeyRules(new CacheKeyOptions { Ignore = ignored }), FreshnessRules.Origins, "media")]);
}
