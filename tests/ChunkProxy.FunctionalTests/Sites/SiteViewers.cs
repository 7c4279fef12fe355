using System.Text.RegularExpressions;
using ChunkProxy.FunctionalTests.Cluster;
using ChunkProxy.FunctionalTests.Players;
using ChunkProxy.FunctionalTests.Sites.Viewers;
using Microsoft.AspNetCore.Http;

namespace ChunkProxy.FunctionalTests.Sites;

/// <summary>The clients of a <see cref="VideoSite"/>: of each kind, at each site, at each member.</summary>
internal sealed partial class SiteViewers(PlayerStage stage, VideoSite site) : IAsyncDisposable
{
    private const string HlsJs = "hls.js/dist/hls.min.js";
    private const string DashJs = "dashjs/dist/modern/umd/dash.all.min.js";

    // The application of the private site: it makes a playlist for each viewer.
    private const string Application = "members";

    private readonly List<PlayerViewer> _players = [];
    private readonly List<ToolViewer> _tools = [];

    public ViewerLoad Load { get; } = new();

    /// <summary>The member that is not about to be restarted, for clients that cannot resume.</summary>
    public ClusterMember Steady { get; set; } = site.Nodes[1];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var (first, second) = (site.Nodes[0], site.Nodes[1]);
        var content = site.Content;
        stage.Origin.Add(Application, AnswerAsync);
        _tools.AddRange(
        [
            new CurlViewer(site, "curl, public, purged", () => first, content.News, readsPurged: true),
            new CurlViewer(site, "curl, private, purged", () => second, content.Clips, readsPurged: true),
            new CurlViewer(site, "curl, both, stays", () => Steady, [content.PublicFile, content.PrivateFile], readsPurged: false),
            new Aria2Viewer(site, "aria2, public", () => second, content.PublicFile),
            new Aria2Viewer(site, "aria2, private", () => first, content.PrivateFile),
            new FfmpegViewer(site, "ffmpeg, public", () => Steady, VideoSite.Films, at => site.UrlFor(at, VideoSite.Films, "/ts/0/film.m3u8"), Path.Combine(stage.Root, "ts/0/film.m3u8")),
            new FfmpegViewer(
                site, "ffmpeg, private", () => Steady, VideoSite.Members, _ => new Uri(stage.Origin.BaseAddress, $"streams/{Application}/film.m3u8").ToString(),
                Path.Combine(stage.Root, SiteContent.PrivateFilm[1..])),
        ]);
        Load.Add(_tools);
        await StartPlayerAsync("hls", HlsJs, first, VideoSite.Films, Films.Fragmented, readsPurged: true);
        await StartPlayerAsync("dash", DashJs, second, VideoSite.Films, Films.Dash);
    }

    /// <summary>Starts a player of the private site, from a page of another one.</summary>
    public Task StartMemberPlayerAsync() => StartPlayerAsync("hls", HlsJs, site.Nodes[0], VideoSite.Embed, SiteContent.PrivateFilm[1..]);

    /// <summary>Compares every body that the players have got.</summary>
    public async Task VerifyPlayersAsync()
    {
        foreach (var player in _players)
        {
            Assert.InRange(await player.VerifyAsync(stage.Root), 5, int.MaxValue);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Load.DisposeAsync();
        _tools.ForEach(static tool => tool.Dispose());
        foreach (var player in _players)
        {
            await player.Page.DisposeAsync();
        }
    }

    private async Task StartPlayerAsync(string player, string library, ClusterMember at, string host, string film, bool readsPurged = false)
    {
        var page = await stage.OpenAsync(player, library, site.AddressOf(at, host));
        var viewer = new PlayerViewer($"{player} at {host}", at, page, film, () => host == VideoSite.Films ? "" : site.Query, readsPurged);
        _players.Add(viewer);
        await page.RecordAsync();
        Load.Add(viewer);
    }

    // Each segment of the private film's playlist gets the signature.
    private Task AnswerAsync(HttpContext context, string file)
    {
        var playlist = File.ReadAllText(Path.Combine(stage.Root, SiteContent.PrivateFilm[1..]));
        var folder = Path.GetDirectoryName(SiteContent.PrivateFilm);
        context.Response.ContentType = "application/vnd.apple.mpegurl";
        return context.Response.WriteAsync(Segment().Replace(playlist, segment => site.UrlFor(Steady, VideoSite.Members, $"{folder}/{segment.Value}")));
    }

    [GeneratedRegex("""(?<=^#EXT-X-MAP:URI=")[^"]+|^[^#\n]+""", RegexOptions.Multiline)]
    private static partial Regex Segment();
}
