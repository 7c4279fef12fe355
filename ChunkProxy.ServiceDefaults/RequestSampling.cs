using System.Globalization;
using Microsoft.Extensions.Configuration;
using OpenTelemetry.Trace;

namespace ChunkProxy.ServiceDefaults;

/// <summary>Which requests are traced: by the standard variables <c>OTEL_TRACES_SAMPLER</c> and <c>OTEL_TRACES_SAMPLER_ARG</c>, else by the environment.</summary>
internal static class RequestSampling
{
    private const double OutsideDevelopment = 0.01;

    /// <summary>Every request in development, one in a hundred elsewhere; what the caller decided is kept, so a trace is whole or absent.</summary>
    public static Sampler Of(IConfiguration configuration, bool isDevelopment) => (configuration["OTEL_TRACES_SAMPLER"] ?? "").Trim().ToLowerInvariant() switch
    {
        "always_on" => new AlwaysOnSampler(),
        "always_off" => new AlwaysOffSampler(),
        "traceidratio" => new TraceIdRatioBasedSampler(RatioOf(configuration)),
        "parentbased_always_on" => new ParentBasedSampler(new AlwaysOnSampler()),
        "parentbased_always_off" => new ParentBasedSampler(new AlwaysOffSampler()),
        "parentbased_traceidratio" => new ParentBasedSampler(new TraceIdRatioBasedSampler(RatioOf(configuration))),
        _ => new ParentBasedSampler(new TraceIdRatioBasedSampler(isDevelopment ? 1 : OutsideDevelopment)),
    };

    // The specification: without an argument, or with a wrong one, everything.
    private static double RatioOf(IConfiguration configuration) =>
        double.TryParse(configuration["OTEL_TRACES_SAMPLER_ARG"], CultureInfo.InvariantCulture, out var ratio) && ratio is >= 0 and <= 1 ? ratio : 1;
}
