using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using ChunkProxy.Cache.Warming;

namespace ChunkProxy.Web.Operations.Warm;

/// <summary>What a request states beside the object: <c>rate=</c> in bytes a second, and <c>wait=</c> in milliseconds.</summary>
/// <param name="BytesPerSecond">Limit of the warm-up's fetches; null: none.</param>
/// <param name="Wait">How long the response waits for the end of the warm-up.</param>
internal readonly record struct WarmTerms(long? BytesPerSecond, TimeSpan Wait)
{
    // Shorter than what proxies between operators and nodes wait for.
    private const int LongestWait = 10_000;

    public static bool TryRead(IQueryCollection query, out WarmTerms terms, [NotNullWhen(false)] out string? reason)
    {
        terms = default;
        if (!TryRead(query["rate"], WarmPace.LowestRate, long.MaxValue, out var rate))
        {
            reason = $"rate= takes bytes a second, at least {WarmPace.LowestRate}";
            return false;
        }

        if (!TryRead(query["wait"], 0, LongestWait, out var wait))
        {
            reason = $"wait= takes milliseconds, at most {LongestWait}";
            return false;
        }

        terms = new WarmTerms(rate, TimeSpan.FromMilliseconds(wait ?? 0));
        reason = null;
        return true;
    }

    /// <summary>Waits for the end of a warm-up, as long as was requested.</summary>
    public async Task WaitAsync(WarmJob job, CancellationToken cancellationToken)
    {
        if (Wait > TimeSpan.Zero)
        {
            await job.Ended.WaitAsync(Wait, TimeProvider.System, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static bool TryRead(string? text, long least, long most, out long? number)
    {
        number = null;
        if (string.IsNullOrEmpty(text))
        {
            return true;
        }

        number = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
        return number >= least && number <= most;
    }
}
