using System.Diagnostics;

namespace ChunkProxy.Cache.Metering;

/// <summary>Keeps requests out of traces that come every second while somebody looks, for ever the same.</summary>
internal static class Untraced
{
    /// <summary>Takes the request under way out, with all that it asks of others.</summary>
    public static void Mark()
    {
        if (Activity.Current is { } span)
        {
            span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
    }
}
