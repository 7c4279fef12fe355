using ChunkProxy.Testing.Signals;

namespace ChunkProxy.Web.Tests.Http.Sending;

/// <summary>Waits up to <see cref="Patience.Limit"/>.</summary>
internal static class Patiently
{
    public static Task<T> Within<T>(this Task<T> task) => task.WaitAsync(Patience.Limit);

    public static Task Within(this Task task) => task.WaitAsync(Patience.Limit);
}
