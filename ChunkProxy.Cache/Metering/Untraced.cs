using System.Diagnostics;

namespace ChunkProxy.Cache.Metering;

/// <summary>Excludes requests from traces that repeat every second while an operator watches.</summary>
internal static class Untraced
{
    /// <summary>Excludes the current request and the requests that it sends to others.</summary>
    public static void Mark()
    {
        if (Activity.Current is { } span)
        {
            span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
    }
}
