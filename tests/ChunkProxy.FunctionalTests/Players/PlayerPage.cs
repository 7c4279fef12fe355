using System.Collections.Concurrent;
using System.Text.Json;
using ChunkProxy.Testing.Signals;
using Microsoft.Playwright;

namespace ChunkProxy.FunctionalTests.Players;

/// <summary>A page with a player in Chromium. <c>Pages/stage.js</c> does what these methods ask for.</summary>
internal sealed class PlayerPage : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly IPage _page;
    private readonly Uri _node;
    private readonly ConcurrentQueue<IResponse> _responses = new();
    private readonly ConcurrentQueue<string> _console = new();

    public PlayerPage(IBrowserContext context, IPage page, Uri node)
    {
        _context = context;
        _page = page;
        _node = node;
        page.Response += (_, response) => _responses.Enqueue(response);
        page.Console += (_, message) => _console.Enqueue(message.Text);
        page.PageError += (_, error) => _console.Enqueue(error);
    }

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    /// <summary>Loads a film through the node, and plays it from its start or its live edge.</summary>
    /// <param name="path">The path of the film at the node.</param>
    /// <param name="options">Options of the player.</param>
    public Task<Picture> StartAsync(string path, object? options = null) => PictureAsync($"stage.start({Url(path)}, {JsonSerializer.Serialize(options)} ?? {{}})");

    /// <summary>Waits until the film has played so far.</summary>
    public Task<Picture> PlayingAsync(double second) => PictureAsync($"stage.playing({JsonSerializer.Serialize(second)})");

    public Task<Picture> SeekAsync(double second) => PictureAsync($"stage.seek({JsonSerializer.Serialize(second)})");

    /// <summary>Starts the player, plays a second from the given time, and ends the player.</summary>
    /// <inheritdoc cref="StartAsync"/>
    public Task<Picture> ExcerptAsync(string path, double second, object? options = null) =>
        PictureAsync($"stage.excerpt({Url(path)}, {JsonSerializer.Serialize(options)} ?? {{}}, {JsonSerializer.Serialize(second)})");

    /// <summary>Switches to another rendition, and waits until its pictures are shown.</summary>
    public Task<Picture> SwitchAsync(int rendition, int height) => PictureAsync($"stage.quality({rendition}, {height})");

    /// <summary>Seeks to a segment that does not exist.</summary>
    /// <returns>The status that the player reports.</returns>
    public async Task<int> StatusOfMissingAsync(double second) => (await AskAsync($"stage.missing({JsonSerializer.Serialize(second)})")).GetInt32();

    /// <summary>Plays on elsewhere after a failure.</summary>
    public Task<Picture> ResumeAsync(double second) => PictureAsync($"stage.resume({JsonSerializer.Serialize(second)})");

    /// <summary>Makes every request of the page reach the node: its cache is off, and from now on it records what players receive.</summary>
    public async Task RecordAsync()
    {
        var session = await _context.NewCDPSessionAsync(_page);
        await session.SendAsync("Network.setCacheDisabled", new() { ["cacheDisabled"] = true });
        await AskAsync("stage.record()");
    }

    /// <summary>Returns what players have received since <see cref="RecordAsync"/>.</summary>
    public async Task<IReadOnlyList<Received>> ReceivedAsync() =>
        [.. (await AskAsync("Promise.all(stage.received)")).EnumerateArray().Select(static it => new Received(
            new Uri(it.GetProperty("url").GetString()!), it.GetProperty("status").GetInt32(), it.GetProperty("sha256").GetString()!))];

    /// <summary>Returns all faults that the player has reported, in their order.</summary>
    public async Task<IReadOnlyList<string>> FailuresAsync() =>
        [.. (await AskAsync("stage.failures.map(it => `${it.what} ${it.status ?? \"\"}`)")).EnumerateArray().Select(static it => it.GetString()!)];

    /// <summary>Returns the protocols of the responses from the node, as the page sees them.</summary>
    public async Task<string> ProtocolsAsync() => (await AskAsync($"stage.protocols({Url("")})")).GetString()!;

    /// <summary>Returns the subject of the certificate of the connection that brought the last response from the node.</summary>
    public async Task<string> CertificateAsync() =>
        (await _responses.Last(response => response.Url.StartsWith(_node.ToString(), StringComparison.Ordinal)).SecurityDetailsAsync())!.SubjectName!;

    /// <summary>Runs JavaScript in the page, and waits for its result.</summary>
    public async Task<JsonElement> AskAsync(string script)
    {
        try
        {
            return (await _page.EvaluateAsync($"() => {script}").WaitAsync(Patience.Limit, Now)) ?? default;
        }
        catch (Exception e) when (e is TimeoutException or PlaywrightException)
        {
            throw new InvalidOperationException($"{script}: {e.Message}\n{string.Join('\n', _console)}\n{string.Join('\n', _responses.Select(response => $"{response.Status} {response.Url}"))}", e);
        }
    }

    /// <summary>Returns the statuses and ranges of the node's responses for a path.</summary>
    public IReadOnlyList<int> StatusesOf(string path) =>
        [.. _responses.Where(response => response.Url == new Uri(_node, path).ToString()).Select(response => response.Status)];

    /// <summary>Returns the URL of a path at the node, as a JavaScript string.</summary>
    public string Url(string path) => JsonSerializer.Serialize(new Uri(_node, path).ToString());

    public ValueTask DisposeAsync() => _context.DisposeAsync();

    private async Task<Picture> PictureAsync(string script)
    {
        var picture = await AskAsync(script);
        return new Picture(picture.GetProperty("time").GetDouble(), picture.GetProperty("until").GetDouble(), picture.GetProperty("height").GetInt32(), picture.GetProperty("second").GetDouble());
    }

    /// <summary>A body that a player got.</summary>
    /// <param name="Url">Where from.</param>
    /// <param name="Status">The status of the response.</param>
    /// <param name="Sha256">The hash of the body, in lower case.</param>
    internal sealed record Received(Uri Url, int Status, string Sha256);

    /// <summary>A picture that the page shows.</summary>
    /// <param name="Time">Its time in the film, in seconds, or somewhat earlier.</param>
    /// <param name="Until">The time of the player afterwards.</param>
    /// <param name="Height">Its height in pixels, by which renditions differ.</param>
    /// <param name="Second">The second of the film that its shade stands for.</param>
    internal sealed record Picture(double Time, double Until, int Height, double Second)
    {
        /// <summary>Verifies that the picture is the film's at this time.</summary>
        /// <param name="from">The earliest time.</param>
        /// <param name="to">The latest time.</param>
        public void IsOfFilm(double from, double to)
        {
            Assert.InRange(Time, from - 0.3, to); // the picture that is shown is older than the time of the player
            Assert.InRange(Second, Time - 1.3, Until + 0.3); // its shade is that of the whole second
        }
    }
}
