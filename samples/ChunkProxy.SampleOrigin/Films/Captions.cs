using System.Globalization;
using System.Text;

namespace ChunkProxy.SampleOrigin.Films;

/// <summary>A clock as captions (WebVTT). The pictures repeat, the time does not, so it shows the position after a seek.</summary>
internal static class Captions
{
    public static string Of(TimeSpan duration)
    {
        var text = new StringBuilder("WEBVTT\n\n");
        for (var at = TimeSpan.Zero; at < duration; at += TimeSpan.FromSeconds(1))
        {
            text.Append(CultureInfo.InvariantCulture, $"{at:hh\\:mm\\:ss\\.fff} --> {at + TimeSpan.FromSeconds(1):hh\\:mm\\:ss\\.fff} line:90% align:center\n{at:hh\\:mm\\:ss}\n\n");
        }

        return text.ToString();
    }
}
