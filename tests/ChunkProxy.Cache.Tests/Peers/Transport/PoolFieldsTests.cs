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

    [Theory]
    [InlineData("/film", null, "/film")]
    [InlineData("/film?v=1", null, "/film?v=1")]
    [InlineData("/film", "token=anna", "/film?token=anna")]
    [InlineData("/film?v=1", "token=anna&v=1", "/film?token=anna&v=1")]
    [InlineData("/film", "v=1", null)] // the sender ignores v
    [InlineData("/film?token=anna", null, null)] // the sender does not ignore token
    [InlineData("/film", "token=an na", null)]
    [InlineData("/film", "token=a\u00e4", null)]
    [InlineData("/film", "token=a#b", null)]
    [InlineData("/film", "", null)]
    public void ReadId_OfAPoolRequest_IsTheObjectOnlyUnderTheSameRules(string key, string? query, string? target)
    {
        var request = new DefaultHttpContext().Request;
        request.Headers[PoolProtocol.Object] = key;
        if (query is not null)
        {
            request.Headers[PoolProtocol.Query] = query;
        }

        var id = PoolFields.ReadId(request, new SiteTable([new SiteRules("http://origin.test", new CacheKeyRules(new CacheKeyOptions { Ignore = "token" }), new FreshnessRules(new FreshnessOptions()))]));

        Assert.Equal(target, id?.Target);
        Assert.Equal(target is null ? null : key, id?.PathAndQuery);
    }

    [Theory]
    [InlineData("/films/a?v=1", "/Films/A", "v=1&token=x", "/Films/A?v=1&token=x")]
    [InlineData("/films/a", "/FILMS/a", null, "/FILMS/a")]
    [InlineData("/films/a?v=1", "/Films/A", null, "/Films/A?v=1")]
    [InlineData("/films/a", "/films/b", null, null)] // another object
    [InlineData("/films/a", "/films/A?token=x", null, null)]
    [InlineData("/films/a", "films/A", null, null)]
    [InlineData("/films/a", "/films/A b", null, null)]
    [InlineData("/films/A", null, null, null)] // the case counts at the sender
    public void ReadId_PathInAnotherCase_IsTheTargetOfTheObject(string key, string? path, string? query, string? target)
    {
        var request = new DefaultHttpContext().Request;
        request.Headers[PoolProtocol.Object] = key;
        if (path is not null)
        {
            request.Headers[PoolProtocol.Path] = path;
        }

        if (query is not null)
        {
            request.Headers[PoolProtocol.Query] = query;
        }

        var rules = new CacheKeyRules(new CacheKeyOptions { Ignore = "token", IgnorePathCase = true });
        Assert.Equal(target, PoolFields.ReadId(request, new SiteTable([new SiteRules("http://origin.test", rules, new FreshnessRules(new FreshnessOptions()))]))?.Target);
    }

    [Theory]
    [InlineData("//films.example/Films/A.mp4?v=1&token=x")]
    [InlineData("//films.example/films/a.mp4")]
    [InlineData("//films.example/FILMS/a.mp4?v=1")]
    public void Add_ObjectWithHostAndCase_IsReadAsTheSame(string target)
    {
        var sites = new SiteTable([new SiteRules("http://origin.test", new CacheKeyRules(new CacheKeyOptions { Host = true, Ignore = "token", IgnorePathCase = true }), new FreshnessRules(new FreshnessOptions()), "media")]);
        var id = sites.Find("media")!.ObjectAt(target);
        using var question = new HttpRequestMessage();
        PoolFields.Add(question, id);

        var read = PoolFields.ReadId(ReceivedRequest.Of(question), sites);

        Assert.Equal((id.Text, target), (read?.Text, read?.Target));
    }

    private static SiteTable Sites(string url, string? ignored) =>
        new([new SiteRules(url, new CacheKeyRules(new CacheKeyOptions { Ignore = ignored }), new FreshnessRules(new FreshnessOptions()), "media")]);
}
