namespace ChunkProxy.Cache.Tiers.SuperHot;

/// <summary>What came of a question to Redis.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Value">The answer; only of <see cref="RedisOutcome.Answered"/>.</param>
/// <param name="Problem">What Redis or the connection said otherwise.</param>
internal readonly record struct RedisAnswer<T>(RedisOutcome Outcome, T? Value = default, string Problem = "")
{
    /// <summary>What was asked for is of another type than the answer.</summary>
    public bool IsOfWrongType => Outcome is RedisOutcome.Refused && Problem.StartsWith("WRONGTYPE", StringComparison.Ordinal);
}
