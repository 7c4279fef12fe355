using ChunkProxy.Cache.Reads;
using Microsoft.AspNetCore.Http.Features;

namespace ChunkProxy.Web.Exchanges;

/// <summary>A client's request that was slow.</summary>
/// <param name="At">When the request arrived.</param>
/// <param name="Path">The path as shown (<see cref="ChunkProxy.Cache.Chunks.ShownPath"/>), shortened.</param>
/// <param name="Range">The Range field, shortened; null if there was none.</param>
/// <param name="WaitedSeconds">The total time that the client waited for the proxy.</param>
/// <param name="FirstByteSeconds">The time until the first bytes were ready; null if there were none.</param>
/// <param name="TotalSeconds">The time until the exchange ended, including the client's own delays.</param>
/// <param name="SentBytes">Bytes of the body passed to the connection.</param>
/// <param name="Sources">The sources of the bytes.</param>
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

    /// <summary>Creates the description of an exchange that has just ended.</summary>
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
