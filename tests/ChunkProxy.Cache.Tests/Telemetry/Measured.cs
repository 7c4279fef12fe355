using System.Diagnostics.Metrics;

namespace ChunkProxy.Cache.Tests.Telemetry;

/// <summary>What a collector of metrics reads.</summary>
internal static class Measured
{
    /// <summary>Returns the sum of all series of an observable counter.</summary>
    /// <param name="factory">The factory of the process that counts.</param>
    /// <param name="name">The name of the counter.</param>
    public static long Sum(IMeterFactory factory, string name)
    {
        var (sum, isThere) = (0L, false);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Name == name && ReferenceEquals(instrument.Meter.Scope, factory))
                {
                    isThere = true;
                    listening.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => sum += value);
        listener.Start();
        listener.RecordObservableInstruments();
        Assert.True(isThere, $"no metric {name}");
        return sum;
    }
}
