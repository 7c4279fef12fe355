using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Tls;
using Microsoft.Playwright;

namespace ChunkProxy.FunctionalTests.Players;

/// <summary>One browser, one origin with films, and one node in front of it that speaks TLS and HTTP/2 to pages of another origin.</summary>
public sealed class PlayerStage : IAsyncLifetime
{
    private const string HostName = "media.test";

    private static readonly string[] BrowserArguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
        "--disable-sync", "--autoplay-policy=no-user-gesture-required", $"--host-resolver-rules=MAP {HostName} 127.0.0.1,MAP *.example 127.0.0.1",
    ];

    private readonly TemporaryFolder _folder = new();
    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;

    public FilmOrigin Origin { get; private set; } = null!;

    public Node Node { get; private set; } = null!;

    /// <summary>The folder of the origin's files.</summary>
    public string Root => _folder.Combine("root");

    /// <summary>The URL of the node for pages: another scheme, host and port than those of the pages.</summary>
    public Uri Address => new($"https://{HostName}:{Node.Address.Port}/");

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Root);
        await Films.MakeAsync(Root, CancellationToken.None);
        await PagedDocument.WriteAsync(Path.Combine(Root, PagedDocument.Name), CancellationToken.None);
        Origin = await FilmOrigin.StartAsync(Root, CancellationToken.None);
        Node = await Node.StartAsync(
            [
                "-url", Origin.BaseAddress.ToString(), "-dir", _folder.Combine("cache"), "-size-c", "64KiB", "-cors", Origin.BaseAddress.GetLeftPart(UriPartial.Authority),
                "-cert", UseCertificate("first.test"),
            ],
            CancellationToken.None,
            new Dictionary<string, string?> { ["ChunkProxy__CertificateCheckInterval"] = "00:00:01", ["ChunkProxy__Compression__Enabled"] = "true" });
        _playwright = await Playwright.CreateAsync();
        var chromium = Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(folder => Path.Combine(folder, "chromium")).First(File.Exists);
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = chromium, Args = BrowserArguments });
    }

    /// <summary>Replaces the certificate of the node.</summary>
    /// <param name="subject">The first name of the new one.</param>
    /// <returns>The file of certificate and key.</returns>
    public string UseCertificate(string subject)
    {
        var made = TestCertificate.For(subject, HostName).WriteOneFile(_folder.Combine("new.pem"));
        File.Move(made, _folder.Combine("node.pem"), overwrite: true);
        return _folder.Combine("node.pem");
    }

    /// <summary>Opens the page with a player. Each page has a connection of its own.</summary>
    /// <param name="player">The file of the player below <c>Pages</c>, without extension.</param>
    /// <param name="library">The file of the library below <c>node_modules</c>; null for none.</param>
    /// <param name="node">The URL of another node, whose host may be any below <c>.example</c>; null: <see cref="Address"/>.</param>
    /// <param name="site">The site of the page; null: <see cref="Origin"/>, whose pages the node permits to read.</param>
    internal async Task<PlayerPage> OpenAsync(string player, string? library = null, Uri? node = null, FilmOrigin? site = null)
    {
        var address = (site ?? Origin).BaseAddress;
        if (library is not null)
        {
            PlayerPackages.Require(library);
        }

        var context = await _browser.NewContextAsync(new() { IgnoreHTTPSErrors = true });
        var page = await context.NewPageAsync();
        var opened = new PlayerPage(context, page, node ?? Address);
        await page.GotoAsync(new Uri(address, "pages/page.html").ToString());
        if (library is not null && !library.EndsWith(".mjs", StringComparison.Ordinal))
        {
            await page.AddScriptTagAsync(new() { Url = new Uri(address, "packages/" + library).ToString() });
        }

        await page.AddScriptTagAsync(new() { Url = new Uri(address, $"pages/{player}.js").ToString() });
        return opened;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        if (Node is not null)
        {
            await Node.DisposeAsync();
        }

        if (Origin is not null)
        {
            await Origin.DisposeAsync();
        }

        _folder.Dispose();
    }
}
