using ChunkProxy.Testing.Data;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.FunctionalTests.Cluster;

/// <summary>Reads through a node; every byte is compared.</summary>
internal static class Reading
{
    /// <summary>Reads the object in ranges, each <paramref name="step"/> bytes at most.</summary>
    public static async Task VerifyAsync(this Node node, ScriptedObject it, CancellationToken cancellationToken, long step = 8 * OneNode.MiB)
    {
        for (long start = 0; start < it.Answer.Size; start += step)
        {
            await node.VerifyAsync(it, start, Math.Min(step, it.Answer.Size - start), cancellationToken);
        }
    }

    public static async Task VerifyAsync(this Node node, ScriptedObject it, long start, long length, CancellationToken cancellationToken)
    {
        using var response = await node.GetAsync(it.Path, cancellationToken, start, start + length - 1);
        Assert.Equal(System.Net.HttpStatusCode.PartialContent, response.StatusCode);
        await TestData.VerifyAsync(it.Answer.Seed, start, length, await response.Content.ReadAsStreamAsync(cancellationToken), cancellationToken);
    }
}
