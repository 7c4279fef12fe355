using ChunkProxy.Cache.Status;

namespace ChunkProxy.Web.Operations.Status;

/// <summary>The cluster's totals at one moment.</summary>
internal sealed record HistoryPoint(DateTimeOffset At, TotalFigures Totals);
