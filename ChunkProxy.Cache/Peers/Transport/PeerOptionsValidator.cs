using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Peers.Transport;

/// <summary>The ranges of <see cref="PeerOptions"/>.</summary>
internal sealed class PeerOptionsValidator : IValidateOptions<PeerOptions>
{
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public ValidateOptionsResult Validate(string? name, PeerOptions options)
    {
        var failures = new SettingFailures(PeerOptions.Section);
        failures.RequireBetween(options.ConnectTimeout, Least, Minute, nameof(PeerOptions.ConnectTimeout));
        failures.RequireBetween(options.Silence, Least, Minute, nameof(PeerOptions.Silence));
        failures.RequireBetween(options.PingTimeout, Least, Minute, nameof(PeerOptions.PingTimeout));
        failures.RequireBetween(options.StallTimeout, Least, TimeSpan.FromMinutes(10), nameof(PeerOptions.StallTimeout));
        failures.RequireBetween(options.ProbeInterval, Least, TimeSpan.FromHours(1), nameof(PeerOptions.ProbeInterval));
        failures.RequireBetween(options.HandOverTime, TimeSpan.Zero, TimeSpan.FromMinutes(10), nameof(PeerOptions.HandOverTime));
        failures.RequireBetween(options.ClockTolerance, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10), nameof(PeerOptions.ClockTolerance));
        return failures.ToResult();
    }
}
