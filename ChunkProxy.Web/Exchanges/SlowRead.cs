using ChunkProxy.Cache.Reads;
using Microsoft.AspNetCore.Http.Features;

namespace ChunkProxy.Web.Exchanges;

/// <summary>A request of a client that had to wait long.</summary>
/// <param name="At">When it came.</param>
/// <param name="Path">Shortened, with a hash in place of its query.</param>
/// <param name="Range">As the client wrote it, shortened; null: none.</param>
/// <param name="WaitedSeconds">How long the client waited for us, all in all.</param>
/// <param name="FirstByteSeconds">Until there was something to send; null if there never was.</param>
/// <param name="TotalSeconds">Until the exchange ended, the client's own slowness included.</param>
/// <param name="SentBytes">Of the body, handed to the connection.</param>
/// <param name="Sources">Where the bytes came from.</param>
internal sealed record SlowRead(
    DateTimeOffset At,
    string Method,
    string Path,
    string? Range,
    int Status,
    ResponseEnding Ending,
    double WaitedSeconds,
    double? FirstByteSeconds,
    double TotalSeconds,
    long SentBytes,
    IReadOnlyList<ChunkSource> Sources)
{
    private const int LongestPath = 100;
    private const int LongestRange = 50;

    /// <summary>Describes an exchange that has just ended.</summary>
    public static SlowRead Of(HttpContext context, Exchange exchange, ResponseEnding ending, DateTimeOffset now) => new(
        now - exchange.Total,
        ShownText.Shorten(context.Request.Method, LongestRange),
        ShownText.PathOf(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, LongestPath),
        context.Request.Headers.Range is [{ } range] ? ShownText.Shorten(range, LongestRange) : null,
        context.Response.StatusCode,
        ending,
        Seconds(exchange.Waited),
        exchange.FirstByte is { } first ? Seconds(first) : null,
        Seconds(exchange.Total),
        exchange.BytesSent,
        exchange.Sources);

    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 6);
}
