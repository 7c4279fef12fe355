using System.Globalization;
using System.Text.Json;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Metering;
using ChunkProxy.Cache.Peers;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Purges.Exchange;

/// <summary>Tells other members which objects have been purged (GET), and purges one here at their word (POST).</summary>
/// <remarks>Waits for nobody's answer but for that of those who listen to this process, for a bounded time: so two that ask each other cannot wait in a circle.</remarks>
internal sealed class PurgeQuestion(
    PurgeLedger ledger, PurgeWorker worker, PurgeListeners listeners, PurgeTimes times, IOptions<CacheOptions> cache) : IPoolQuestion
{
    private const int LongestOrder = 256 * 1024; // in bytes; a path has up to 64 KiB, and JSON may escape

    // Tells this life's sequence from another life's.
    private readonly string _instance = Guid.NewGuid().ToString("N");

    public string Path => PoolProtocol.PurgesPath;

    public Task AnswerAsync(HttpContext context)
    {
        Untraced.Mark();
        return HttpMethods.IsPost(context.Request.Method) ? PurgeAsync(context) : TellAsync(context);
    }

    private async Task TellAsync(HttpContext context)
    {
        var heard = ReadSequence(context.Request.Headers[PoolProtocol.After]);
        if (context.Request.Headers[PoolProtocol.Listener] is [{ Length: > 0 } listener] && !listeners.TryNote(listener, heard))
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable; // it is to listen elsewhere
            return;
        }

        if (context.Request.Headers.ContainsKey(PoolProtocol.Wait))
        {
            await WaitForNewsAsync(heard, context.RequestAborted).ConfigureAwait(false);
        }

        var (purges, sequence) = ledger.After(heard);
        var news = new PurgeNews(
            string.Create(CultureInfo.InvariantCulture, $"{_instance}.{sequence}"),
            ledger.Floor,
            [.. purges.Select(purge => new PurgeNews.Entry(purge.Object, purge.Stamp, purge.Path))]);
        await PoolReply.WriteJsonAsync(context, news, PurgeJson.Default.PurgeNews).ConfigureAwait(false);
    }

    private async Task WaitForNewsAsync(long heard, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, listeners.Closed);
        await ((Task)ledger.WhenAfter(heard).WaitAsync(times.Hold, times.Clock, ended.Token)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task PurgeAsync(HttpContext context)
    {
        if (context.Request.ContentLength is not (> 0 and <= LongestOrder)
            || await ReadOrderAsync(context.Request).ConfigureAwait(false) is not { Path: ['/', ..] path, Stamp: > 0 } order
            || !ledger.IsPlausible(order.Stamp))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        var id = cache.Value.ObjectAt(path);
        var purge = new Purge(id.Hash, order.Stamp, path);
        ledger.Hear([purge]);
        var sequence = ledger.Sequence;
        await worker.WhenDoneAsync(sequence, context.RequestAborted).ConfigureAwait(false);
        var unheard = await listeners.WhenHeardAsync(sequence, context.RequestAborted).ConfigureAwait(false);
        var erased = worker.ResultOf(purge);
        await PoolReply.WriteJsonAsync(
            context, new PurgeConfirmation(ledger.GenerationOf(id), erased.Chunks, erased.Bytes, unheard), PurgeJson.Default.PurgeConfirmation).ConfigureAwait(false);
    }

    // Null: what was sent is no order.
    private static async Task<PurgeOrder?> ReadOrderAsync(HttpRequest request)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync(request.Body, PurgeJson.Default.PurgeOrder, request.HttpContext.RequestAborted).ConfigureAwait(false);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private long ReadSequence(string? after) =>
        after?.Split('.') is [var instance, var sequence] && instance == _instance
        && long.TryParse(sequence, NumberStyles.None, CultureInfo.InvariantCulture, out var heard)
            ? heard
            : 0;
}
