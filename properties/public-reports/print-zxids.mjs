/** Prints which zxids a model gives to totalOrderPredicate. */
const seen = new Set();
export default {
  totalOrderPredicate: (newId, newZxid, newEpoch, curId, curZxid, curEpoch) => {
    for (const z of [newZxid, curZxid])
      if (!seen.has(z)) {
        seen.add(z);
        process.stderr.write(`zxid ${z}\n`);
      }
    return (
      newEpoch > curEpoch ||
      (newEpoch === curEpoch && (newZxid > curZxid || (newZxid === curZxid && newId > curId)))
    );
  },
};
