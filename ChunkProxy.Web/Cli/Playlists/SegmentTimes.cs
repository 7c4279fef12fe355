using System.Xml.Linq;

namespace ChunkProxy.Web.Cli.Playlists;

/// <summary>The segments of a DASH template: each has a number and a time.</summary>
internal static class SegmentTimes
{
    /// <summary>Returns the segments of equal duration that fill a period. The last one may be shorter.</summary>
    /// <param name="duration">Of each segment, in units of the timescale.</param>
    /// <param name="period">Duration of the period in the same units; null if it is not stated.</param>
    /// <param name="firstNumber">Number of the first segment.</param>
    /// <param name="lastNumber">Number of the last segment; null: the period decides.</param>
    /// <param name="firstTime">Time of the first segment.</param>
    /// <exception cref="PlaylistException">The number of segments is not known.</exception>
    public static IEnumerable<(long Number, long Time)> Equal(long duration, decimal? period, long firstNumber, long? lastNumber, long firstTime)
    {
        if (duration <= 0 || (period ?? lastNumber) is null)
        {
            throw new PlaylistException("the number of its segments is unknown: it states no duration");
        }

        var byPeriod = period is { } length ? (long)Math.Min(decimal.Ceiling(length / duration), References.MostObjects + 1) : References.MostObjects + 1;
        var byNumber = lastNumber is { } last ? last - firstNumber + 1 : long.MaxValue;
        for (long i = 0; i < Math.Min(byPeriod, byNumber); i++)
        {
            yield return (firstNumber + i, firstTime + (i * duration));
        }
    }

    /// <summary>Returns the segments of a timeline.</summary>
    /// <param name="timeline">The element <c>SegmentTimeline</c>.</param>
    /// <param name="periodEnd">End of the period in units of the timescale; null if it is not stated.</param>
    /// <param name="firstNumber">Number of the first segment.</param>
    /// <exception cref="PlaylistException">The timeline is invalid, or the number of segments is not known.</exception>
    public static IEnumerable<(long Number, long Time)> Of(XElement timeline, decimal? periodEnd, long firstNumber)
    {
        var runs = timeline.Elements().Where(element => element.Name.LocalName == "S").ToList();
        var (number, time) = (firstNumber, 0L);
        for (var i = 0; i < runs.Count; i++)
        {
            time = DashElement.LongOf(runs[i], "t", DashElement.MostTime) ?? time;
            var duration = DashElement.LongOf(runs[i], "d", DashElement.MostTime) is { } stated and > 0 ? stated : throw new PlaylistException("a segment of its timeline has no duration");
            var repeats = DashElement.LongOf(runs[i], "r", long.MaxValue) ?? 0;
            if (repeats < 0)
            {
                repeats = RepeatsUntil(i + 1 < runs.Count ? DashElement.LongOf(runs[i + 1], "t", DashElement.MostTime) : periodEnd, time, duration);
            }

            for (var count = 0L; count <= repeats; count++)
            {
                yield return (number++, time);
                time = time <= DashElement.MostTime ? time + duration : throw new PlaylistException("a segment of its timeline is too long");
            }
        }
    }

    private static long RepeatsUntil(decimal? end, long time, long duration) =>
        end is { } until
            ? (long)Math.Clamp(decimal.Ceiling((until - time) / duration) - 1, 0, References.MostObjects)
            : throw new PlaylistException("the number of its segments is unknown: a repetition has no end");
}
