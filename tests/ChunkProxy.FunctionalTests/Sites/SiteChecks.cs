using System.Net;
using ChunkProxy.FunctionalTests.Cluster;
using ChunkProxy.Testing.Nodes;

namespace ChunkProxy.FunctionalTests.Sites;

/// <summary>What holds at both members at any time, whatever else goes on.</summary>
/// <param name="site">The site.</param>
/// <param name="page">The origin of the players' pages.</param>
internal sealed class SiteChecks(VideoSite site, string page)
{
    private readonly SiteContent _content = site.Content;

    // Cached, purged from time to time, and not cached.
    private static string[] PrivatePaths => [SiteContent.PrivateFilm, "/files/large.bin", "/clips/0.mp4", "/clips/1.mp4", SiteContent.Unread];

    /// <summary>Verifies that only signatures of the site admit, and that pages may read the public site only.</summary>
    public async Task VerifyAccessAsync(CancellationToken cancellationToken)
    {
        foreach (var path in PrivatePaths)
        {
            string[] queries = ["", SignedUrl.Sign(VideoSite.ForeignKey, path, hours: 1), SignedUrl.Sign(VideoSite.OldKey, path, hours: -1), SignedUrl.Sign(VideoSite.NewKey, path, hours: -1), SignedUrl.Sign(VideoSite.NewKey, "/a.mp4", hours: 1)];
            foreach (var query in queries)
            {
                await VerifyRefusedAsync(path, query, cancellationToken);
            }
        }

        foreach (var node in site.Nodes.Select(static member => member.Node))
        {
            using var film = await SendAsync(node, VideoSite.Films, "dash/film.mpd", cancellationToken);
            using var range = await SendAsync(node, VideoSite.Films, "files/large.bin", cancellationToken, fields: ("Range", "bytes=5-9"));
            using var missing = await SendAsync(node, VideoSite.Films, "missing.mp4", cancellationToken);
            using var preflight = await SendAsync(node, VideoSite.Films, "dash/film.mpd", cancellationToken, HttpMethod.Options, ("Access-Control-Request-Method", "GET"));
            Assert.Equal(
                [(HttpStatusCode.OK, page), (HttpStatusCode.PartialContent, page), (HttpStatusCode.NotFound, page), (HttpStatusCode.NoContent, page)],
                new[] { film, range, missing, preflight }.Select(static response => (response.StatusCode, Granted(response))));

            using var signed = await SendAsync(node, VideoSite.Members, $"clips/0.mp4?{site.Query}", cancellationToken);
            Assert.Equal((HttpStatusCode.OK, null), (signed.StatusCode, Granted(signed)));
        }
    }

    /// <summary>Verifies that a signature is refused at all files of the private site.</summary>
    public async Task VerifyRefusedAsync(string query, CancellationToken cancellationToken)
    {
        foreach (var path in PrivatePaths)
        {
            await VerifyRefusedAsync(path, query, cancellationToken);
        }
    }

    /// <summary>Verifies that the private film is cached for the owner of a signature.</summary>
    public async Task VerifyHitAsync(string query, CancellationToken cancellationToken)
    {
        foreach (var node in site.Nodes.Select(static member => member.Node))
        {
            using var response = await SeveralSites.SendAsync(node, VideoSite.Members, $"{SiteContent.PrivateFilm[1..]}?{query}", cancellationToken);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Contains("; hit", response.Headers.GetValues("Cache-Status").Single(), StringComparison.Ordinal);
        }
    }

    public async Task VerifyNoEmbedRouteAsync(CancellationToken cancellationToken)
    {
        using var response = await SendAsync(site.Nodes[0].Node, VideoSite.Embed, $"clips/0.mp4?{site.Query}", cancellationToken);
        Assert.Equal((HttpStatusCode.NotFound, null), (response.StatusCode, Granted(response)));
    }

    /// <summary>Verifies that pages may read the private site by the host of the new route, with a signature.</summary>
    public async Task VerifyEmbedRouteAsync(CancellationToken cancellationToken)
    {
        foreach (var node in site.Nodes.Select(static member => member.Node))
        {
            using var signed = await SendAsync(node, VideoSite.Embed, $"clips/0.mp4?{site.Query}", cancellationToken);
            using var unsigned = await SendAsync(node, VideoSite.Embed, "clips/0.mp4", cancellationToken);
            Assert.Equal([(HttpStatusCode.OK, page), (HttpStatusCode.Forbidden, page)], new[] { signed, unsigned }.Select(static response => (response.StatusCode, Granted(response))));
        }
    }

    /// <summary>Reads every file of both sites at both members, and compares every byte.</summary>
    public async Task VerifyContentAsync(CancellationToken cancellationToken)
    {
        foreach (var node in site.Nodes.Select(static member => member.Node))
        {
            foreach (var (host, path) in _content.PublicFilms.Select(static path => (VideoSite.Films, path)).Concat(_content.PrivateFilms.Select(static path => (VideoSite.Members, path))))
            {
                Assert.Equal(await _content.BytesOfAsync(path, cancellationToken), await ReadAsync(node, host, path, cancellationToken));
            }

            foreach (var file in _content.News.Concat(_content.Clips).Concat([_content.PublicFile, _content.PrivateFile]))
            {
                Assert.Null(file.FaultOf(file.Seeds, 0, file.Size, await ReadAsync(node, file.Host, file.Path, cancellationToken)));
            }
        }
    }

    /// <summary>Verifies that the origins were asked again for everything that was purged, and for nothing else.</summary>
    /// <param name="before">The requests before the purge.</param>
    /// <param name="after">The requests after everything was read again.</param>
    public static void VerifyAskedAgain(IReadOnlyDictionary<string, int> before, IReadOnlyDictionary<string, int> after)
    {
        string[] purged = ["media:/news/", $"media:{SiteContent.PurgedFilm}", "vault:/clips/"];
        var again = before.Keys.Where(path => after[path] > before[path]).ToHashSet();

        Assert.Equal(before.Keys.Where(path => purged.Any(prefix => path.StartsWith(prefix, StringComparison.Ordinal))).Order(), again.Order());
    }

    private static string? Granted(HttpResponseMessage response) => response.Headers.TryGetValues("Access-Control-Allow-Origin", out var values) ? values.Single() : null;

    private async Task VerifyRefusedAsync(string path, string query, CancellationToken cancellationToken)
    {
        foreach (var node in site.Nodes.Select(static member => member.Node))
        {
            using var refused = await SendAsync(node, VideoSite.Members, $"{path[1..]}?{query}", cancellationToken);
            Assert.Equal(
                (HttpStatusCode.Forbidden, "403 Forbidden: Access is denied.\n", null), (refused.StatusCode, await refused.Content.ReadAsStringAsync(cancellationToken), Granted(refused)));
        }
    }

    private async Task<byte[]> ReadAsync(Node node, string host, string path, CancellationToken cancellationToken)
    {
        using var response = await SeveralSites.SendAsync(node, host, host == VideoSite.Films ? path[1..] : $"{path[1..]}?{site.Query}", cancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode} for {host}{path}");
        return await response.Content.ReadAsByteArrayAsync(cancellationToken);
    }

    // As a page of the players does. Programs without a page send no Origin.
    private Task<HttpResponseMessage> SendAsync(
        Node node, string host, string target, CancellationToken cancellationToken, HttpMethod? method = null, params (string Name, string Value)[] fields) =>
        SeveralSites.SendAsync(node, host, target, cancellationToken, method, [("Origin", page), .. fields]);
}
